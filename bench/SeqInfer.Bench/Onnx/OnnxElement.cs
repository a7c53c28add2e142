namespace SeqInfer.Bench.Onnx;

/// <summary>Element types, with the numbers that ONNX gives them.</summary>
internal enum OnnxElement
{
    Float = 1,
    Int32 = 6,
    Int64 = 7,
}
