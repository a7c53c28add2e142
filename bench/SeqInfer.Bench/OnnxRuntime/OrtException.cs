namespace SeqInfer.Bench.OnnxRuntime;

/// <summary>ONNX Runtime is missing, is not the expected library, or reports an error.</summary>
internal sealed class OrtException : Exception
{
    public OrtException(string message)
        : base(message)
    {
    }

    public OrtException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
