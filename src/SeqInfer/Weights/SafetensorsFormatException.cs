namespace SeqInfer.Weights;

/// <summary>A safetensors file cannot be read, or breaks a rule of the format.</summary>
public sealed class SafetensorsFormatException : SeqInferException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="tensor">The tensor at fault, or null where the fault is the file's.</param>
    /// <param name="rule">The rule that is broken.</param>
    /// <param name="detail">What was expected and what was found.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public SafetensorsFormatException(
        string file, string? tensor, SafetensorsRule rule, string detail, Exception? innerException = null)
        : base($"{file}: {(tensor is null ? "" : $"tensor \"{tensor}\": ")}{rule}: {detail}", innerException)
    {
        File = file;
        Tensor = tensor;
        Rule = rule;
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>The tensor at fault, or null where the fault is the file's.</summary>
    public string? Tensor { get; }

    /// <summary>The rule that is broken.</summary>
    public SafetensorsRule Rule { get; }
}
