using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Panels;

/// <summary>What one pair of elements adds to the score of two vectors.</summary>
internal interface ITerm
{
    /// <summary><paramref name="sum"/> plus the term of one query element and one item element, lane by lane.</summary>
    static abstract V Add<V>(V query, V item, V sum)
        where V : unmanaged, ISimd<V>;
}
