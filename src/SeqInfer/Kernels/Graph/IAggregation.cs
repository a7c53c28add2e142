using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Graph;

/// <summary>How the rows of neighbours become one row.</summary>
internal interface IAggregation
{
    /// <summary>Whether edges have weights.</summary>
    static abstract bool IsWeighted { get; }

    /// <summary>What an accumulator starts from.</summary>
    static abstract V Start<V>()
        where V : unmanaged, ISimd<V>;

    /// <summary>Takes one neighbour; <paramref name="weight"/> is its edge's where there are weights.</summary>
    static abstract V Accumulate<V>(V accumulator, V x, V weight)
        where V : unmanaged, ISimd<V>;

    /// <summary>Makes the result from at least one neighbour.</summary>
    static abstract V Finish<V>(V accumulator, int neighbours)
        where V : unmanaged, ISimd<V>;
}
