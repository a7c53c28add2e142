using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>Parametric rectified linear unit: a above 0, else b a, where b is the learnt slope.</summary>
internal readonly struct PRelu : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.Select(V.GreaterThan(a, V.Zero), a, b * a);
}
