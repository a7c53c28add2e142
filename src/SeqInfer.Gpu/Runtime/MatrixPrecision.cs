namespace SeqInfer.Gpu.Runtime;

/// <summary>In which precision linear layers multiply; all add up in single precision.</summary>
internal enum MatrixPrecision
{
    /// <summary>Single precision, as everywhere.</summary>
    Float32,

    /// <summary>TensorFloat-32 on tensor cores.</summary>
    Tf32,

    /// <summary>bfloat16 on tensor cores.</summary>
    Bf16,
}
