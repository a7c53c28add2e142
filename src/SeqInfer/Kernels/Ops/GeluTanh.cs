using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>Gaussian error linear unit in its tanh form: x/2 (1 + tanh u), u = sqrt(2/pi) (x + 0.044715 x^3).</summary>
/// <remarks>Computed as x sigmoid(2u), which is the same and does not cancel below 0.</remarks>
internal readonly struct GeluTanh : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V inner = V.Fma(V.Broadcast(0.044715f) * x, x, V.Broadcast(1f)) * x;
        return x * VectorMath.Sigmoid(V.Broadcast(1.59576912f) * inner);
    }
}
