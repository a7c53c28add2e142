using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Embedding;

/// <summary>Rows of IEEE halves.</summary>
internal readonly unsafe struct F16Rows : IRowFormat<Half>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(Half* p)
        where V : unmanaged, ISimd<V> =>
        V.LoadF16(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadPartial<V>(Half* p, int count)
        where V : unmanaged, ISimd<V> =>
        V.LoadF16Partial(p, count);
}
