using FsCheck.Fluent;
using SeqInfer.Models;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Models;

/// <summary>Every family, in every variant that has a golden case, on random weights: all instruction sets give what the reference gives.</summary>
public class RandomModelTests
{
    private const int SampleCount = 4;

    public static TheoryData<string> Cases => [.. Goldens.CaseNames];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Devices_agree_on_random_weights_and_requests(string name) => Property.Check(
        Shapes.Seed,
        seed =>
        {
            foreach (string device in TestDevices.Names.Where(device => device != "reference"))
                RandomModel.Compare(name, seed, device);
        },
        SampleCount);
}
