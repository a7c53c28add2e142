using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>How a panel stores its weights, and how they become fp32 lanes in registers.</summary>
/// <remarks>
/// A panel row is the weights of all its columns for one k: <c>vectors</c> times Width columns. What the storage does with them inside
/// the row (interleaving pairs of vectors, for instance) is its own affair.
/// </remarks>
internal unsafe interface IWeightStorage
{
    /// <summary>Bytes of one panel row.</summary>
    static abstract int RowBytes<V>(int vectors)
        where V : unmanaged, ISimd<V>;

    /// <summary>Stores one panel row.</summary>
    /// <param name="values">vectors * Width values.</param>
    /// <param name="row">Where it goes: <see cref="RowBytes"/> bytes.</param>
    static abstract void StoreRow<V>(ReadOnlySpan<float> values, byte* row)
        where V : unmanaged, ISimd<V>;

    /// <summary>Loads the Width weights of one vector of a panel row.</summary>
    /// <param name="row">The panel row.</param>
    /// <param name="vector">Which vector.</param>
    /// <param name="vectors">How many vectors the row has.</param>
    static abstract V Load<V>(byte* row, int vector, int vectors)
        where V : unmanaged, ISimd<V>;
}
