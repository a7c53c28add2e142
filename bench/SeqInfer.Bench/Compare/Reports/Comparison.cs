using SeqInfer.Bench.Limits;

namespace SeqInfer.Bench.Compare.Reports;

/// <summary>A finished comparison.</summary>
/// <param name="Machine">Where and with what.</param>
/// <param name="Limits">What the machine can do, by number of threads.</param>
/// <param name="Results">One entry a cell, batch and number of threads.</param>
/// <param name="LeftOut">What was asked for and could not be run.</param>
/// <param name="LikeForLike">Names of the cells whose mean is taken.</param>
internal sealed record Comparison(
    MachineInfo Machine,
    IReadOnlyList<MachineLimits> Limits,
    IReadOnlyList<CellResult> Results,
    IReadOnlyList<MissingCell> LeftOut,
    IReadOnlySet<string> LikeForLike)
{
    /// <summary>Geometric mean of the ratios of all cells that ask the same of both sides, fp32; NaN where there are none.</summary>
    public double GeometricMean
    {
        get
        {
            double[] logs = [.. Results.Where(result => LikeForLike.Contains(result.Cell) && result.Weights == "fp32").Select(result => Math.Log(result.Ratio))];
            return logs.Length == 0 ? double.NaN : Math.Exp(logs.Average());
        }
    }
}
