using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>Sigmoid linear unit, also called swish: x sigmoid(x).</summary>
internal readonly struct Silu : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        x * VectorMath.Sigmoid(x);
}
