using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>Rectified linear unit: max(0, x). NaN stays NaN.</summary>
internal readonly struct Relu : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        V.Max(V.Zero, x);
}
