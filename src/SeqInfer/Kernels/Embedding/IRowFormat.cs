using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Embedding;

/// <summary>How the elements of an embedding table are stored.</summary>
internal unsafe interface IRowFormat<TElement>
    where TElement : unmanaged
{
    /// <summary>Loads Width elements as fp32; no alignment is needed.</summary>
    static abstract V Load<V>(TElement* p)
        where V : unmanaged, ISimd<V>;

    /// <summary>Loads the first <paramref name="count"/> elements as fp32; the other lanes are +0.</summary>
    static abstract V LoadPartial<V>(TElement* p, int count)
        where V : unmanaged, ISimd<V>;
}
