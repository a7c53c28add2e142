namespace SeqInfer.Models;

/// <summary>A config.json that does not describe a model: a field is missing, unknown or has a value that is not allowed.</summary>
public sealed class ModelConfigException : SeqInferException
{
    /// <summary>Names file, field and problem.</summary>
    public ModelConfigException(string file, string? field, string problem, Exception? innerException = null)
        : base(field is null ? $"{file}: {problem}" : $"{file}: field '{field}': {problem}", innerException)
    {
        File = file;
        Field = field;
    }

    /// <summary>The configuration file.</summary>
    public string File { get; }

    /// <summary>The field, with the path to it where it is nested; null where the file as a whole is wrong.</summary>
    public string? Field { get; }
}
