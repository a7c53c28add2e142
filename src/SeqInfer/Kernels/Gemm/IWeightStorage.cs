using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>How packed weights are stored, how they become lanes in registers, and the arithmetic they are multiplied in.</summary>
/// <remarks>
/// A kernel goes through k in steps of 32 bits of x: one fp32 value or two 16-bit integers. A panel row is the weights of all its columns for
/// one step: <c>vectors</c> times Width columns. What the storage does with them inside the row (interleaving pairs of vectors, for instance) is
/// its own affair.
/// </remarks>
internal unsafe interface IWeightStorage
{
    /// <summary>How many k a step takes.</summary>
    static abstract int StepDepth { get; }

    /// <summary>
    /// Whether x is made of pairs of 16-bit integers and sums are 32-bit integers, which a factor for each unit and one for each row of x turn into
    /// values. If not, everything is fp32 and there are no factors.
    /// </summary>
    static abstract bool IsInteger { get; }

    /// <summary>Replaces the weights of one unit by what will be stored.</summary>
    /// <returns>The factor that turns what is stored into weights.</returns>
    static abstract float Round(Span<float> unit);

    /// <summary>Bytes of one panel row.</summary>
    static abstract int RowBytes<V>(int vectors)
        where V : unmanaged, ISimd<V>;

    /// <summary>Stores one panel row of values that have been rounded.</summary>
    /// <param name="values">vectors * Width columns, of each the <see cref="StepDepth"/> values of the step.</param>
    /// <param name="row">Where it goes: <see cref="RowBytes"/> bytes.</param>
    static abstract void StoreRow<V>(ReadOnlySpan<float> values, byte* row)
        where V : unmanaged, ISimd<V>;

    /// <summary>Loads the Width columns of one vector of a panel row.</summary>
    /// <param name="row">The panel row.</param>
    /// <param name="vector">Which vector.</param>
    /// <param name="vectors">How many vectors the row has.</param>
    static abstract V Load<V>(byte* row, int vector, int vectors)
        where V : unmanaged, ISimd<V>;

    /// <summary>sum + x w, with the 32 bits of x of the step in every lane.</summary>
    static abstract V MultiplyAdd<V>(V x, V w, V sum)
        where V : unmanaged, ISimd<V>;

    /// <summary>Adds x w to a sum, in place, since only so the JIT leaves the sum in its register.</summary>
    static abstract void AddProduct<V>(ref V sum, V x, V w)
        where V : unmanaged, ISimd<V>;

    /// <summary>Adds w times the 32 bits of x in memory to a sum. So the broadcast is part of the instruction where there is one.</summary>
    static abstract void AddProduct<V>(ref V sum, float* x, V w)
        where V : unmanaged, ISimd<V>;

    /// <summary>(a + b) + (c + d).</summary>
    static abstract V Sum<V>(V a, V b, V c, V d)
        where V : unmanaged, ISimd<V>;
}
