namespace SeqInfer.Bench.OnnxRuntime;

/// <summary>Element types, with the numbers that ONNX gives them.</summary>
internal enum OrtElement
{
    Float = 1,
    Int32 = 6,
    Int64 = 7,
}
