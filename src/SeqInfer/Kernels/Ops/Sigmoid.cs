using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>Logistic function: 1 / (1 + e^-x).</summary>
internal readonly struct Sigmoid : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        VectorMath.Sigmoid(x);
}
