using SeqInfer.Bench.Compare.Reports;
using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Bench.Recording;
using SeqInfer.Devices.Cpu;
using Spectre.Console;

namespace SeqInfer.Bench.Compare;

/// <summary>What to compare.</summary>
internal sealed record ComparerOptions
{
    /// <summary>Names of cells; empty: all.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>Batch sizes; empty: those of each cell.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [];

    /// <summary>Numbers of threads.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1];

    /// <summary>How our side stores weights, where a cell has several ways.</summary>
    public IReadOnlyList<string> Weights { get; init; } = [WeightForms.Fp32];

    /// <summary>The cells there are.</summary>
    public IReadOnlyList<Cell> Table { get; init; } = CellTable.All;

    /// <summary>How long each cell is measured.</summary>
    public Schedule Schedule { get; init; } = Schedule.Full;
}

/// <summary>Runs the cells of the matrix that were asked for.</summary>
internal static class Comparer
{
    private static readonly MachineLimits Unmeasured = new(1, new CacheSizes(1, 1, 1), 1, 1, 1, 1, 1);

    /// <summary>Measures the machine, then every cell. A cell whose sides disagree becomes a failure; the others go on.</summary>
    public static Comparison Run(OrtEnvironment ort, ComparerOptions options, IAnsiConsole console)
    {
        List<MissingCell> leftOut = [];
        List<MissingCell> failures = [];
        List<PlannedRun> plan = Plan(options, leftOut);
        Dictionary<int, MachineLimits> limits = [];
        MachineLimits LimitsOf(int threads)
        {
            if (options.Schedule == Schedule.None)
                return Unmeasured;
            if (!limits.TryGetValue(threads, out MachineLimits? known))
                limits[threads] = known = MachineLimits.Measure(threads);
            return known;
        }

        List<CellResult> results = [];
        foreach (PlannedRun run in plan)
        {
            string name = $"{run.Cell.Name}, batch {run.Batch}, {run.Threads} thread(s), {run.Weights}";
            console.MarkupLineInterpolated($"[grey]{name}: {run.Cell.Description}[/]");
            try
            {
                var context = new CellContext(ort, "cpu", options.Schedule, LimitsOf) { Weights = run.Weights };
                results.Add(run.Cell.Measure(context, run.Batch, run.Threads));
            }
            catch (Exception e) when (e is MismatchException or RecordingException or OrtException or SeqInferException)
            {
                console.MarkupLineInterpolated($"[red]{e.Message}[/]");
                failures.Add(new MissingCell(name, e.Message));
            }

            GC.Collect();
        }

        using var device = CpuDevice.Create();
        var machine = MachineInfo.Describe(device.Isa.ToString(), device.KernelName, ort.Version);
        IReadOnlySet<string> likeForLike = options.Table.Where(cell => cell.IsLikeForLike).Select(cell => cell.Name).ToHashSet(StringComparer.Ordinal);
        return new Comparison(machine, [.. limits.OrderBy(pair => pair.Key).Select(pair => pair.Value)], results, leftOut, failures, likeForLike);
    }

    // What cannot be run is said, not dropped.
    private static List<PlannedRun> Plan(ComparerOptions options, List<MissingCell> leftOut)
    {
        foreach (string name in options.Cells)
        {
            if (!options.Table.Any(cell => cell.Name == name))
                throw new ArgumentException($"no cell '{name}'; there are: {string.Join(", ", options.Table.Select(cell => cell.Name))}", nameof(options));
        }

        foreach (string form in options.Weights.Where(form => !WeightForms.All.Contains(form)))
            throw new ArgumentException($"no weights '{form}'; there are: {string.Join(", ", WeightForms.All)}", nameof(options));

        bool IsWanted(string name) => options.Cells.Count == 0 || options.Cells.Contains(name);
        List<MissingCell> missing = [];
        List<PlannedRun> plan = [];
        foreach (Cell cell in options.Table.Where(cell => IsWanted(cell.Name)))
        {
            string[] weights = [.. options.Weights.Intersect(cell.Weights)];
            int[] threads = [.. options.Threads.Where(threads => CellTable.WhyNot(cell, threads) is null)];
            plan.AddRange(
                from count in threads
                from form in weights
                from batch in cell.Batches.Where(batch => options.Batches.Count == 0 || options.Batches.Contains(batch))
                select new PlannedRun(cell, batch, count, form));
            if (cell.IsLikeForLike)
                missing.AddRange(options.Threads.Except(threads).Select(count => new MissingCell($"requests on {count} threads", CellTable.WhyNot(cell, count)!)));
            else if (threads.Length == 0)
                missing.Add(new MissingCell(cell.Name, CellTable.WhyNot(cell, options.Threads[0])!));
        }

        leftOut.AddRange(missing.Distinct());
        return plan;
    }

    private sealed record PlannedRun(Cell Cell, int Batch, int Threads, string Weights);
}
