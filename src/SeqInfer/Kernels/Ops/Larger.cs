using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>The larger of a and b.</summary>
internal readonly struct Larger : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.Max(a, b);
}
