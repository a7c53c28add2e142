using SeqInfer.Bench.Compare.Reports;
using SeqInfer.Bench.Limits;
using SeqInfer.Bench.OnnxRuntime;
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

    /// <summary>How our side stores weights.</summary>
    public IReadOnlyList<string> Weights { get; init; } = ["fp32"];

    /// <summary>How long each cell is measured.</summary>
    public Schedule Schedule { get; init; } = Schedule.Full;
}

/// <summary>Runs the cells of the matrix that were asked for.</summary>
internal static class Comparer
{
    /// <summary>Measures the machine, then every cell.</summary>
    /// <exception cref="MismatchException">Outputs differ.</exception>
    public static Comparison Run(OrtEnvironment ort, ComparerOptions options, IAnsiConsole console)
    {
        List<MissingCell> leftOut = [];
        List<(Cell Cell, int Batch, int Threads)> plan = Plan(options, leftOut);
        Dictionary<int, MachineLimits> limits = [];
        MachineLimits LimitsOf(int threads)
        {
            if (!limits.TryGetValue(threads, out MachineLimits? known))
                limits[threads] = known = MachineLimits.Measure(threads);
            return known;
        }

        var context = new CellContext(ort, "cpu", options.Schedule, LimitsOf);
        List<CellResult> results = [];
        foreach ((Cell cell, int batch, int threads) in plan)
        {
            console.MarkupLineInterpolated($"[grey]{cell.Name}, batch {batch}, {threads} thread(s): {cell.Description}[/]");
            results.Add(cell.Measure(context, batch, threads));
            GC.Collect();
        }

        using var device = CpuDevice.Create();
        var machine = MachineInfo.Describe(device.Isa.ToString(), device.KernelName, ort.Version);
        IReadOnlySet<string> likeForLike = CellTable.All.Where(cell => cell.IsLikeForLike).Select(cell => cell.Name).ToHashSet(StringComparer.Ordinal);
        return new Comparison(machine, [.. limits.OrderBy(pair => pair.Key).Select(pair => pair.Value)], results, leftOut, likeForLike);
    }

    // What cannot be run is said, not dropped.
    private static List<(Cell Cell, int Batch, int Threads)> Plan(ComparerOptions options, List<MissingCell> leftOut)
    {
        foreach (string name in options.Cells)
        {
            if (!CellTable.All.Any(cell => cell.Name == name) && !CellTable.Missing.Any(cell => cell.Name == name))
                throw new ArgumentException($"no cell '{name}'; there are: {string.Join(", ", CellTable.All.Select(cell => cell.Name))}", nameof(options));
        }

        bool IsWanted(string name) => options.Cells.Count == 0 || options.Cells.Contains(name);
        leftOut.AddRange(CellTable.Missing.Where(missing => IsWanted(missing.Name)));
        foreach (string weights in options.Weights.Where(weights => !CellTable.WeightStorages.Contains(weights)))
            leftOut.Add(new MissingCell($"weights {weights}", $"the engine stores weights as {string.Join(", ", CellTable.WeightStorages)}"));
        List<(Cell Cell, int Batch, int Threads)> plan = [];
        foreach (Cell cell in CellTable.All.Where(cell => IsWanted(cell.Name)))
        {
            int[] suitable = [.. options.Threads.Where(threads => CellTable.WhyNot(cell, threads) is null)];
            foreach (int threads in suitable)
                plan.AddRange(cell.Batches.Where(batch => options.Batches.Count == 0 || options.Batches.Contains(batch)).Select(batch => (cell, batch, threads)));
            if (cell.IsLikeForLike)
                leftOut.AddRange(options.Threads.Except(suitable).Select(threads => new MissingCell($"requests on {threads} threads", CellTable.WhyNot(cell, threads)!)));
            else if (suitable.Length == 0)
                leftOut.Add(new MissingCell(cell.Name, CellTable.WhyNot(cell, options.Threads[0])!));
        }

        List<MissingCell> distinct = [.. leftOut.Distinct()];
        leftOut.Clear();
        leftOut.AddRange(distinct);
        return plan;
    }
}
