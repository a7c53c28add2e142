using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>A tensor exists but cannot be read as asked: its dtype has no conversion, or its shape does not fit.</summary>
public sealed class WeightTensorException : SeqInferException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="tensor">Name of the tensor.</param>
    /// <param name="dtype">Its element type.</param>
    /// <param name="detail">What was expected and what was found.</param>
    public WeightTensorException(string file, string tensor, DType dtype, string detail)
        : base($"{file}: tensor \"{tensor}\" ({dtype.SafetensorsName()}): {detail}")
    {
        File = file;
        Tensor = tensor;
        DType = dtype;
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>Name of the tensor.</summary>
    public string Tensor { get; }

    /// <summary>Element type of the tensor.</summary>
    public DType DType { get; }
}
