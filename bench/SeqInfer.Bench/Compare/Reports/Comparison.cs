using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;

namespace SeqInfer.Bench.Compare.Reports;

/// <summary>A finished comparison.</summary>
/// <param name="Machine">Where and with what.</param>
/// <param name="Limits">What the machine can do, by number of threads.</param>
/// <param name="Results">One entry a cell, batch and number of threads.</param>
/// <param name="LeftOut">What was asked for and could not be run.</param>
/// <param name="Failures">What was run and did not agree, or could not be run after all.</param>
/// <param name="LikeForLike">Names of the cells whose mean is taken.</param>
internal sealed record Comparison(
    MachineInfo Machine,
    IReadOnlyList<MachineLimits> Limits,
    IReadOnlyList<CellResult> Results,
    IReadOnlyList<MissingCell> LeftOut,
    IReadOnlyList<MissingCell> Failures,
    IReadOnlySet<string> LikeForLike)
{
    /// <summary>The numbers of threads there are results for.</summary>
    public IEnumerable<int> Threads => Results.Select(result => result.Threads).Distinct().Order();

    /// <summary>Results with several threads beside those of the same cell with one.</summary>
    public IEnumerable<(CellResult One, CellResult Many)> Scaling =>
        from one in Results
        from many in Results
        where one.Threads == 1 && many.Threads > 1 && (one.Cell, one.Batch, one.Weights) == (many.Cell, many.Batch, many.Weights)
        select (one, many);

    /// <summary>
    /// Geometric mean of the ratios of all cells that ask the same of both sides, fp32, with a number of threads; NaN where there are none.
    /// </summary>
    public double GeometricMean(int threads)
    {
        double[] logs =
        [
            .. Results
                .Where(result => LikeForLike.Contains(result.Cell) && result.Weights == WeightForms.Fp32 && result.Threads == threads)
                .Select(result => Math.Log(result.Ratio)),
        ];
        return logs.Length == 0 ? double.NaN : Math.Exp(logs.Average());
    }
}
