using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>Leaky rectified linear unit: x above 0, else alpha x.</summary>
internal readonly struct LeakyRelu(float alpha) : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        V.Select(V.GreaterThan(x, V.Zero), x, V.Broadcast(alpha) * x);
}
