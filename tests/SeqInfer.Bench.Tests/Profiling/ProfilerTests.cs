using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.Profiling;
using SeqInfer.Devices;

namespace SeqInfer.Bench.Tests.Profiling;

/// <summary>Where the time of a request goes.</summary>
public class ProfilerTests
{
    private static readonly BenchModel[] Models =
    [
        Zoo.Dense("mlp", 6, 9, 5, 1),
        Zoo.Recurrent("lstm", "lstm", 5, 7, 2, 6, items: 40),
        Zoo.SasRec("sasrec", 8, 2, 2, 7, items: 40),
        Zoo.Encoder("encoder", 8, 2, 16, 2, 5, vocabulary: 40),
        Zoo.TopK("catalogue", 100, 8, 10),
    ];

    public static TheoryData<string> Names => [.. Models.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_timed_device_gives_what_the_device_gives(string name)
    {
        BenchModel bench = Models.Single(model => model.Name == name);
        using var timed = new TimedDevice(Device.Parse("cpu"));
        using Device plain = Device.Parse("cpu");
        Assert.Equal(Answer(bench, plain), Answer(bench, timed));
        Assert.Equal(timed.Operations.Count, timed.Ticks.Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_timed_operation_has_its_work(string name)
    {
        BenchModel bench = Models.Single(model => model.Name == name);
        using var timed = new TimedDevice(Device.Parse("cpu"));
        _ = Answer(bench, timed);
        IReadOnlyList<Work> each = WorkCounter.CountEach(bench, 3, request => bench.Fill(request, 3, new Random(4)));
        Work all = WorkCounter.Count(bench, 3, request => bench.Fill(request, 3, new Random(4)));
        Assert.Equal(timed.Operations.Count, each.Count);
        Assert.Equal(all.Flops, each.Sum(work => work.Flops));
        foreach ((TimedOperation operation, Work work) in timed.Operations.Zip(each).Where(pair => pair.First.Name == "Linear"))
            Assert.Equal(2.0 * operation.Rows * operation.InputColumns * operation.OutputColumns, work.Flops);
    }

    private static float[] Answer(BenchModel bench, Device device)
    {
        using var run = new DeviceRun(bench, device, 3, request => bench.Fill(request, 3, new Random(4)));
        (device as TimedDevice)?.Begin();
        run.Run();
        (device as TimedDevice)?.End();
        return run.Read();
    }
}
