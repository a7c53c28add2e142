using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Pooling;

/// <summary>How several rows become one. Implemented by small structs, so that the loop inlines them.</summary>
internal interface IPooling
{
    /// <summary>What the accumulator starts from.</summary>
    static abstract V Start<V>()
        where V : unmanaged, ISimd<V>;

    /// <summary>Takes the next row's elements into the accumulator.</summary>
    static abstract V Accumulate<V>(V accumulator, V x)
        where V : unmanaged, ISimd<V>;

    /// <summary>The result for <paramref name="count"/> rows, at least one.</summary>
    static abstract V Finish<V>(V accumulator, int count)
        where V : unmanaged, ISimd<V>;
}
