namespace SeqInfer.Cli.Verification;

/// <summary>How a case went.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Outputs">One for each comparison; empty where the case could not be run.</param>
/// <param name="Error">Why it could not be run; null where it was.</param>
/// <param name="KernelName">The kernels that ran.</param>
internal sealed record CaseReport(string Name, IReadOnlyList<OutputReport> Outputs, string? Error = null, string? KernelName = null)
{
    public bool Passed => Error is null && Outputs.All(output => output.Passed);
}

/// <summary>How one comparison went.</summary>
/// <param name="Output">The model's output.</param>
/// <param name="Label">The output and what makes it different from others of the same name.</param>
/// <param name="MaxAbsError">Largest absolute difference; NaN where one side has a number and the other none, or nothing could be compared.</param>
/// <param name="Tolerance">What was allowed.</param>
/// <param name="Problem">The first thing that is wrong; null where nothing is.</param>
internal sealed record OutputReport(string Output, string Label, double MaxAbsError, double Tolerance, string? Problem)
{
    public bool Passed => Problem is null;
}
