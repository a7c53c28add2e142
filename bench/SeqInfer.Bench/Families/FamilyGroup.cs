using SeqInfer.Bench.Compare;
using SeqInfer.Cli.Verification;

namespace SeqInfer.Bench.Families;

/// <summary>The cases of one family with one naming (of a recurrent one: with one cell).</summary>
/// <param name="Family">The "model_type", and the cell where there is one.</param>
/// <param name="Reference">The code it follows.</param>
/// <param name="Reports">How each case went.</param>
/// <param name="Time">What requests take; null where none was timed.</param>
internal sealed record FamilyGroup(string Family, string Reference, IReadOnlyList<CaseReport> Reports, FamilyTime? Time)
{
    /// <summary>Cases that passed.</summary>
    public int Passed => Reports.Count(report => report.Passed);

    /// <summary>The largest absolute difference from the expected float64 outputs.</summary>
    public double MaxAbsError => Reports.SelectMany(report => report.Outputs).Select(output => output.MaxAbsError).DefaultIfEmpty(double.NaN).Max();

    /// <summary>The largest difference in parts of its tolerance, which is ten times what float32 loses in the reference.</summary>
    public double WorstShare =>
        Reports.SelectMany(report => report.Outputs).Select(output => output.MaxAbsError / output.Tolerance).DefaultIfEmpty(double.NaN).Max();
}

/// <summary>What requests to one case's model take.</summary>
/// <param name="Case">The case.</param>
/// <param name="Output">The output that was asked for.</param>
/// <param name="Detail">Sizes of the row that was asked: "24 events, 101 candidates".</param>
/// <param name="One">A request of one row; of a model whose output is a whole graph, that.</param>
/// <param name="Many">A request of <see cref="FamilyTimer.ManyRows"/> rows; null for a whole graph.</param>
internal sealed record FamilyTime(string Case, string Output, string Detail, Timings One, Timings? Many);
