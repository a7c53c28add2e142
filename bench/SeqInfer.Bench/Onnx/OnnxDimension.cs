namespace SeqInfer.Bench.Onnx;

/// <summary>A dimension of a graph's input or output: a number, or a name for one that each run may choose.</summary>
internal readonly record struct OnnxDimension(long Size, string? Symbol)
{
    public static implicit operator OnnxDimension(long size) => new(size, null);

    public static implicit operator OnnxDimension(string symbol) => new(0, symbol);

    public override string ToString() => Symbol ?? $"{Size}";
}
