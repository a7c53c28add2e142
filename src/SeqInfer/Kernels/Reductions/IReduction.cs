using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Reductions;

/// <summary>How a row is reduced to one value. Implemented by small structs, so that the one loop inlines them.</summary>
internal interface IReduction
{
    /// <summary>What an accumulator starts from.</summary>
    V Start<V>()
        where V : unmanaged, ISimd<V>;

    /// <summary>Takes the next elements into an accumulator.</summary>
    V Accumulate<V>(V accumulator, V x)
        where V : unmanaged, ISimd<V>;

    /// <summary>Joins two accumulators.</summary>
    V Merge<V>(V a, V b)
        where V : unmanaged, ISimd<V>;

    /// <summary>Joins the lanes of the last accumulator.</summary>
    float Collapse<V>(V accumulator)
        where V : unmanaged, ISimd<V>;
}
