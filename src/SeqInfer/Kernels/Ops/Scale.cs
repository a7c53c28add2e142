using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>factor x.</summary>
internal readonly struct Scale(float factor) : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        V.Broadcast(factor) * x;
}
