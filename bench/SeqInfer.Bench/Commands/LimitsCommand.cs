using System.CommandLine;
using System.Globalization;
using SeqInfer.Bench.Limits;

namespace SeqInfer.Bench.Commands;

/// <summary>limits: what the machine can do at most.</summary>
internal static class LimitsCommand
{
    public static Command Create()
    {
        Option<int[]> threads = SharedOptions.Integers("--threads", "Numbers of threads", [.. new[] { 1, Environment.ProcessorCount }.Distinct()]);
        var command = new Command("limits", "Measure the machine's arithmetic and its caches") { threads };
        command.SetAction(arguments =>
        {
            foreach (int count in arguments.GetValue(threads)!)
            {
                var limits = MachineLimits.Measure(count);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count} thread(s): {limits.FlopsPerSecond / 1e9:F1} GFLOP/s, {limits.IntegerOperationsPerSecond / 1e9:F1} int8 GOP/s, L1 {limits.L1 / 1e9:F1}, L2 {limits.L2 / 1e9:F1}, L3 {limits.L3 / 1e9:F1}, memory {limits.Memory / 1e9:F1} GB/s"));
            }
        });
        return command;
    }
}
