using System.Globalization;
using System.Text;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Reports;

namespace SeqInfer.Bench.Gpu.Reports;

/// <summary>gpu.md: the tables.</summary>
internal sealed class GpuMarkdown(GpuRun run, TorchTimes? torch)
{
    private readonly StringBuilder _page = new();

    /// <summary>The page.</summary>
    public static string Text(GpuRun run, TorchTimes? torch) => new GpuMarkdown(run, torch).Write();

    private string Write()
    {
        MachineInfo machine = run.Machine;
        Line($"# SeqInfer on GPU devices");
        Line($"");
        Line($"SeqInfer {machine.Commit}; {machine.Runtime}; {machine.System}. CPU: {machine.Cpu}, {machine.Cores} cores; {machine.Kernels}.{(run.Options.IsQuick ? " A first look (--quick), no numbers to publish." : "")}");
        Devices();
        Checks();
        Cells();
        Kernels();
        if (run.LeftOut.Count > 0)
        {
            Line($"");
            Line($"Left out:");
            foreach (MissingCell missing in run.LeftOut)
                Line($"- `{missing.Name}`: {missing.Reason}");
        }

        return _page.ToString();
    }

    private void Devices()
    {
        Line($"");
        Line($"| device | hardware | driver | memory | copy GB/s (by a kernel) | fp32 GFLOP/s | to device GB/s | to host GB/s | a launch us | launch and wait us |");
        Line($"| --- | --- | --- | --: | --: | --: | --: | --: | --: | --: |");
        foreach (DeviceFacts device in run.Devices)
        {
            DeviceLimits? limits = run.Limits.GetValueOrDefault(device.Name);
            Line($"| {device.Name} | {device.Hardware}, {device.Multiprocessors} multiprocessors | {device.Driver}; {device.Compiler} | {(device.IsHost ? "the host's" : string.Create(CultureInfo.InvariantCulture, $"{device.MemoryBytes / (double)(1 << 30):F1} GiB"))} | {limits?.CopyBytesPerSecond / 1e9:F1} ({limits?.KernelCopyBytesPerSecond / 1e9:F1}) | {limits?.FlopsPerSecond / 1e9:F1} | {limits?.UploadBytesPerSecond / 1e9:F1} | {limits?.DownloadBytesPerSecond / 1e9:F1} | {limits?.EnqueueSeconds * 1e6:F2} | {limits?.RoundTripSeconds * 1e6:F2} |");
        }
    }

    private void Checks()
    {
        if (run.Checks.Count == 0)
            return;
        Line($"");
        Line($"| device | checks | passed | of | largest error, of its tolerance |");
        Line($"| --- | --- | --: | --: | --: |");
        foreach (IGrouping<(string Device, string Part), CheckResult> group in run.Checks.GroupBy(check => (check.Device, check.Part)))
        {
            CheckResult? worst = group.Where(check => double.IsFinite(check.Share)).MaxBy(check => check.Share);
            Line($"| {group.Key.Device} | {group.Key.Part} | {group.Count(check => check.Problem is null)} | {group.Count()} | {(worst is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * worst.Share:F0} % ({worst.Name})"))} |");
        }

        foreach (CheckResult check in run.Checks.Where(check => check.Problem is not null))
            Line($"- failed: {check.Device}, {check.Part}, {check.Name}: {check.Problem}");
        foreach (CheckResult check in run.Checks.Where(check => check.Part == GpuOptions.Memory && check.Problem is null))
            Line($"- {check.Device}, {check.Name}: {check.Detail}");
    }

    private void Cells()
    {
        if (run.Cells.Count == 0)
            return;
        Line($"");
        Line($"A request starts and ends on the host and is another one each time; a pass begins and ends on the device; in a queue many passes wait for one another. % of limit: of the pass in the queue.{(torch is null ? "" : $" {torch.Machine}: its times, and how many times ours is faster in the queue.")}");
        Line($"");
        Line($"| cell | batch | device | request us | p99 | pass us | in a queue us | launches | launching | transfers | GFLOP/s | % of limit | max diff |{(torch is null ? "" : " PyTorch in a queue us |")}");
        Line($"| --- | --: | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |{(torch is null ? "" : " --- |")}");
        foreach (CellTime cell in run.Cells)
        {
            double microseconds = cell.Pass is null ? cell.Request.MedianMicroseconds : cell.StreamMicroseconds;
            Line($"| {cell.Cell} | {cell.Batch} | {cell.Device} | {Us(cell.Request.MedianMicroseconds)} | {Us(cell.Request.TailMicroseconds)} | {(cell.Pass is null ? "" : Us(cell.Pass.MedianMicroseconds))} | {Us(cell.StreamMicroseconds)} | {(cell.Pass is null ? "" : cell.Launches)} | {Percent(cell.LaunchShare)} | {Percent(cell.TransferShare)} | {cell.Flops / microseconds / 1e3:F1} | {Percent(cell.LimitMicroseconds / cell.StreamMicroseconds)} | {(double.IsNaN(cell.MaxAbsDiff) ? "" : cell.MaxAbsDiff.ToString("G2", CultureInfo.InvariantCulture))} |{Beside(torch?.Of(cell.Cell, cell.Batch), microseconds)}");
        }
    }

    private void Kernels()
    {
        if (run.Kernels.Count == 0)
            return;
        Line($"");
        Line($"| operation | shape | device | us | GFLOP/s | GB/s | limit us | % of limit |{(torch is null ? "" : " PyTorch us |")}");
        Line($"| --- | --- | --- | --: | --: | --: | --: | --: |{(torch is null ? "" : " --- |")}");
        foreach (KernelTime kernel in run.Kernels)
        {
            IEnumerable<TorchTime>? theirs = kernel.Operation == Gpu.Kernels.ProductCells.Operation ? torch?.OfProduct(kernel.Shape) : torch is null ? null : [];
            Line($"| {kernel.Operation} | {kernel.Shape} | {kernel.Device} | {Us(kernel.Microseconds)} | {kernel.Flops / kernel.Microseconds / 1e3:F1} | {kernel.Bytes / kernel.Microseconds / 1e3:F1} | {Us(kernel.LimitMicroseconds)} | {Percent(kernel.LimitMicroseconds / kernel.Microseconds)} |{Beside(theirs, kernel.Microseconds)}");
        }
    }

    // "eager 120 (1.52), compiled 80.3 (1.02)"
    private static string Beside(IEnumerable<TorchTime>? theirs, double ours) => theirs is null
        ? ""
        : $" {string.Join(", ", theirs.Select(time => string.Create(CultureInfo.InvariantCulture, $"{time.Form} {Us(time.StreamMicroseconds)} ({time.StreamMicroseconds / ours:F2})")))} |";

    private static string Us(double microseconds) => double.IsNaN(microseconds) ? "" : Numbers.Microseconds(microseconds);

    private static string Percent(double share) => double.IsNaN(share) ? "" : (100 * share).ToString("F0", CultureInfo.InvariantCulture);

    private void Line(FormattableString text) => _page.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
