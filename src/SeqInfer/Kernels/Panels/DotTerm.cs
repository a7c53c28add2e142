using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Panels;

/// <summary>The inner product: q * x.</summary>
internal readonly struct DotTerm : ITerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V query, V item, V sum)
        where V : unmanaged, ISimd<V> => V.Fma(query, item, sum);
}
