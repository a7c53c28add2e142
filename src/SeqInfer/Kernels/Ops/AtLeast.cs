using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>max(floor, x): ReLU with a floor of 0, nothing with one of -infinity, in one kernel. NaN stays NaN.</summary>
/// <param name="floor">What values are at least.</param>
internal readonly struct AtLeast(float floor) : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        V.Max(V.Broadcast(floor), x);
}
