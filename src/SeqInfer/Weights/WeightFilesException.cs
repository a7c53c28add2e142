namespace SeqInfer.Weights;

/// <summary>The files of a model directory do not make up one set of weights.</summary>
public sealed class WeightFilesException : SeqInferException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The directory, index or shard at fault.</param>
    /// <param name="tensor">The tensor at fault, or null.</param>
    /// <param name="detail">What was expected and what was found.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public WeightFilesException(string file, string? tensor, string detail, Exception? innerException = null)
        : base($"{file}: {(tensor is null ? "" : $"tensor \"{tensor}\": ")}{detail}", innerException)
    {
        File = file;
        Tensor = tensor;
    }

    /// <summary>The directory, index or shard at fault.</summary>
    public string File { get; }

    /// <summary>The tensor at fault, or null.</summary>
    public string? Tensor { get; }
}
