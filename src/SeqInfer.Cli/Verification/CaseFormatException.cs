namespace SeqInfer.Cli.Verification;

/// <summary>A case that is not of the case format, or does not fit the model that stands beside it.</summary>
internal sealed class CaseFormatException : SeqInferException
{
    public CaseFormatException(string file, string? field, string problem, Exception? innerException = null)
        : base(field is null ? $"{file}: {problem}" : $"{file}: '{field}': {problem}", innerException)
    {
    }
}
