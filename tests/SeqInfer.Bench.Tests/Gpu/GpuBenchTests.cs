using SeqInfer.Bench.Commands;
using SeqInfer.Bench.Gpu;
using SeqInfer.Bench.Gpu.Cells;
using SeqInfer.Bench.Gpu.Checks;
using SeqInfer.Bench.Gpu.Kernels;
using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Suites;
using SeqInfer.Bench.Tests.Suites;
using SeqInfer.Devices;
using SeqInfer.Gpu;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Ops;

namespace SeqInfer.Bench.Tests.Gpu;

/// <summary>Runs on the simulator, where the build has it, and what holds for the tables of cells everywhere.</summary>
public sealed class GpuBenchTests
{
    private const string Simulator = "ilgpu-cpu";

    [SkippableFact]
    public void A_run_on_the_simulator_checks_and_times()
    {
        int reports = 0;
        GpuRun run = Run(
            new GpuOptions
            {
                Devices = [Simulator],
                Parts = [GpuOptions.Limits, GpuOptions.Cases, GpuOptions.Memory, GpuOptions.Families],
                Cells = ["mlp", "gcn10k"],
                Batches = [1, 3],
                CaseFolders = [.. CaseChecks.Golden().Take(2)],
                Cycles = 2,
                IsQuick = true,
                IsSmall = true,
            },
            _ => reports++);
        Assert.True(run.Passed, string.Join('\n', run.Checks.Select(check => check.Problem)));
        Assert.Empty(run.LeftOut);
        Assert.Equal(2, run.Checks.Count(check => check.Part == GpuOptions.Cases));
        Assert.Single(run.Checks, check => check.Part == GpuOptions.Memory);
        Assert.Equal(
            [("mlp", 1), ("mlp", 3), ("gcn10k", 1)],
            run.Cells.Where(cell => cell.Device == "ilgpu-cpu").Select(cell => (cell.Cell, cell.Batch)));
        Assert.All(run.Cells, cell => Assert.True(cell.Request.MedianMicroseconds > 0));
        Assert.All(run.Cells.Where(cell => cell.Pass is not null), cell =>
        {
            Assert.True(cell.Launches > 0);
            Assert.True(cell.StreamMicroseconds > 0);
            Assert.InRange(cell.TransferShare, 0, 1);
            Assert.InRange(cell.LaunchShare, 0, 1);
            Assert.True(cell.LimitMicroseconds > 0);
            Assert.InRange(cell.MaxAbsDiff, 0, 1e-3);
        });
        Assert.True(reports > 4);
    }

    [SkippableFact]
    public void Limits_are_rates_and_times()
    {
        DeviceLimits limits = Hardware().Measure(Simulator, isQuick: true);
        Assert.All(
            new[] { limits.CopyBytesPerSecond, limits.KernelCopyBytesPerSecond, limits.FlopsPerSecond, limits.UploadBytesPerSecond, limits.DownloadBytesPerSecond },
            rate => Assert.InRange(rate, 1e3, 1e15));
        Assert.True(limits.CopyBytesPerSecond >= limits.KernelCopyBytesPerSecond);
        Assert.InRange(limits.EnqueueSeconds, 1e-9, 1);
        Assert.InRange(limits.RoundTripSeconds, 1e-9, 1);
    }

    [SkippableFact]
    public void Every_operation_passes_on_the_simulator()
    {
        _ = Hardware();
        using var device = Device.Parse(Simulator);
        using var reference = Device.Parse("reference");
        CheckResult[] results = [.. OpTable.Names.Select(name => OperationChecks.Run(device, reference, name, 1))];
        Assert.All(results, result => Assert.Null(result.Problem));
        Assert.All(results, result => Assert.InRange(result.Share, 0, 1));
    }

    [Fact]
    public void A_wrong_device_fails_with_the_call_that_shows_it()
    {
        using var reference = Device.Parse("reference");
        using var idle = new WorkDevice();
        CheckResult result = OperationChecks.Run(idle, reference, "Apply", 5);
        Assert.NotNull(result.Problem);
        Assert.Contains("seed", result.Problem, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Kernels_are_timed_beside_their_limits()
    {
        IHardware hardware = Hardware();
        var limits = new DeviceLimits(1e9, 1e9, 1e9, 1e9, 1e9, 1e-6, 1e-6);
        KernelTime time = KernelTimer.Measure(hardware, Simulator, KernelCells.Create(KernelCells.SimulatorDivisor).First(cell => cell.Operation == "RowDot"), limits, isQuick: true);
        Assert.True(time.Microseconds > 0);
        Assert.Equal(1e6 * Math.Max(time.Flops, time.Bytes) / 1e9, time.LimitMicroseconds, 6);
    }

    [SkippableFact]
    public void Nothing_is_begun_after_the_time_limit()
    {
        GpuRun run = Run(
            new GpuOptions { Devices = [Simulator], Cells = ["mlp"], CaseFolders = ["x"], TimeLimit = TimeSpan.Zero, IsSmall = true }, _ => { });
        Assert.Empty(run.Checks);
        Assert.Empty(run.Cells);
        Assert.Contains(run.LeftOut, missing => missing.Name == "families: mlp");
        Assert.All(run.LeftOut, missing => Assert.Contains("time limit", missing.Reason, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_call_that_would_take_too_long_is_left_out()
    {
        GpuRun run = Run(
            new GpuOptions { Devices = [Simulator], Parts = [GpuOptions.Families], Cells = ["mlp"], Batches = [1, 2], CallLimit = TimeSpan.Zero, IsQuick = true, IsSmall = true },
            _ => { });
        Assert.All(run.Cells, cell => Assert.Equal(1, cell.Batch));
        Assert.Contains(run.LeftOut, missing => missing.Name == "mlp, batch 2, ilgpu-cpu" && missing.Reason.Contains("expected to take", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_operation_of_the_op_set_is_timed_alone()
    {
        string[] timed = [.. KernelCells.Create(KernelCells.SimulatorDivisor).Select(cell => cell.Operation.Split(',')[0]).Distinct()];
        Assert.Equal(KernelSuiteTests.Operations.Order(StringComparer.Ordinal), timed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_operation_at_every_shape_runs()
    {
        using Device cpu = Device.Parse("cpu");
        foreach (KernelCell cell in KernelCells.Create(KernelCells.SimulatorDivisor))
        {
            using Workspace arena = cpu.CreateWorkspace(cell.Plan(cpu));
            cell.Setup(new OperationInputs(cpu, arena))();
            Assert.True(cell.Bytes > 0, cell.Operation);
            Assert.True(double.IsFinite(cell.Flops), cell.Operation);
        }
    }

    [Fact]
    public void The_script_for_PyTorch_has_the_cells_and_products()
    {
        string script = File.ReadAllText(BenchFolder.Find("gpu_torch.py")!);
        foreach (GpuCell cell in GpuCell.All(isSmall: false).Where(cell => !cell.Name.StartsWith(GpuCell.FamilyPrefix, StringComparison.Ordinal)))
            Assert.Contains($"(\"{cell.Name}\", ", script, StringComparison.Ordinal);
        foreach (KernelCell cell in ProductCells.Create(1).Where(cell => cell.Operation == ProductCells.Operation))
            Assert.Contains($"({cell.Shape.Replace("x", ", ", StringComparison.Ordinal)})", script.Replace("204_800", "204800", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_without_ILGPU_says_so()
    {
        Assert.Equal(GpuDevices.AreAvailable, GpuHardware.TryCreate() is not null);
        string folder = Path.Combine(Path.GetTempPath(), "seqinfer-no-gpu");
        Assert.Equal(GpuCommand.NoDevice, AllCommands.Run(["gpu", "--devices", "cuda:99", "--output", folder]));
    }

    private static IHardware Hardware()
    {
        IHardware? hardware = GpuHardware.TryCreate();
        Skip.If(hardware is null, "this build has no GPU devices: it was made without ILGPU");
        return hardware!;
    }

    private static GpuRun Run(GpuOptions options, Action<GpuRun> changed) => new GpuBench(Hardware(), options, _ => { }, changed).Run();
}
