using SeqInfer.Devices;
using SeqInfer.Devices.Cpu;
using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Inputs;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Runtime;

/// <summary>Requests that several threads work on: the same bits as one thread gives, no allocation, any number of callers.</summary>
public sealed class ParallelModelTests
{
    private const string Splitting = "splitting";
    private const int BatchSize = 13;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    static ParallelModelTests() => Device.Register(Splitting, threads => TestDevices.Splitting(int.Parse(threads!, null)));

    public static TheoryData<string> Cases => [.. Goldens.CaseNames];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_number_of_threads_gives_the_same_bits(string name)
    {
        int[] expected = Answer(name, "cpu");
        Assert.Equal(expected, Answer(name, $"{Splitting}:2"));
        Assert.Equal(expected, Answer(name, $"{Splitting}:3"));
    }

    [Theory]
    [InlineData("sasrec-query-norm-d50")]
    public async Task Callers_at_once_on_one_model_and_models_that_come_and_go(string name)
    {
        int[] expected = Answer(name, "cpu");
        using SequenceModel shared = Goldens.Load(name, $"{Splitting}:2");
        Task[] callers = [.. Enumerable.Range(0, 4).Select(caller => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < 30; i++)
                {
                    Assert.Equal(expected, Answer(shared));

                    // Real teams of the size that the process may have, started and ended while others compute
                    if (caller == 0)
                        Assert.Equal(expected, Answer(name, "cpu:threads=2"));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        await Task.WhenAll(callers).WaitAsync(Patience);
    }

    [Theory]
    [InlineData("cpu", 2)]
    [InlineData("cpu:scalar", 2)]
    [InlineData("cpu:threads=2", 1)]
    public void The_number_of_threads_is_an_option_or_part_of_the_device_string(string device, int parallelism)
    {
        using SequenceModel model = SequenceModel.Load(
            Goldens.Case("sasrec-query-norm-d50"), new LoadOptions { Device = device, Parallelism = parallelism });
        Assert.Equal(Math.Min(2, CpuLimit.Threads), ((CpuDevice)model.Device).Threads);
    }

    [Theory]
    [InlineData("cpu", 0)]
    [InlineData("cpu:threads=2", 2)]
    [InlineData("cpu:threads=many", 1)]
    [InlineData("cpu:avx2,scalar", 1)]
    [InlineData("reference", 2)]
    public void A_number_of_threads_that_cannot_be(string device, int parallelism) => Assert.Throws<DeviceException>(() => SequenceModel.Load(
        Goldens.Case("sasrec-query-norm-d50"), new LoadOptions { Device = device, Parallelism = parallelism }));

    private static int[] Answer(string name, string device)
    {
        using SequenceModel model = Goldens.Load(name, device);
        return Answer(model);
    }

    private static int[] Answer(SequenceModel model)
    {
        using ModelWorkspace workspace = model.CreateWorkspace(SequenceModelTests.AllOutputs(model, BatchSize));
        var random = new Random(19);
        Batch batch = model.CreateBatch();
        batch.TopK = 5;
        RandomRequests.Fill(batch, [.. Enumerable.Range(0, BatchSize).Select(_ => RandomRequests.Create(model.Signature, random))]);
        model.Run(batch, workspace, workspace.Limits.Outputs);
        List<int> bits = [];
        for (int i = 0; i < model.Signature.Outputs.Length; i++)
        {
            float[] values = new float[workspace[i].ElementCount];
            workspace[i].CopyTo(values);
            bits.AddRange(Array.ConvertAll(values, BitConverter.SingleToInt32Bits));
            bits.AddRange(workspace[i].Ids.ToArray());
        }

        return [.. bits];
    }
}
