namespace SeqInfer.Gpu.Kernels.TensorCores;

/// <summary>In which precision tensor cores multiply; they add up in single precision.</summary>
internal interface ITensorFormat
{
    /// <summary>The logarithm of the numbers of a word of 32 bits.</summary>
    int Shift { get; }

    /// <summary>A word; the second number counts where a word has two.</summary>
    uint Pack(float first, float second);

    /// <summary>C + A B of a warp.</summary>
    Float4 Multiply(Float4 c, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1);
}

/// <summary>TensorFloat-32: the exponent of a float and 10 bits of its mantissa.</summary>
internal readonly struct Tf32Format : ITensorFormat
{
    public int Shift => 0;

    public uint Pack(float first, float second) => TensorCore.ToTf32(first);

    public Float4 Multiply(Float4 c, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1) =>
        TensorCore.MultiplyTf32(c.X, c.Y, c.Z, c.W, a0, a1, a2, a3, b0, b1);
}

/// <summary>bfloat16: the exponent of a float and 7 bits of its mantissa.</summary>
internal readonly struct Bf16Format : ITensorFormat
{
    public int Shift => 1;

    public uint Pack(float first, float second) => TensorCore.ToBf16Pair(first, second);

    public Float4 Multiply(Float4 c, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1) =>
        TensorCore.MultiplyBf16(c.X, c.Y, c.Z, c.W, a0, a1, a2, a3, b0, b1);
}
