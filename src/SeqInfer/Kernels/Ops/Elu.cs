using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>Exponential linear unit: x above 0, else alpha (e^x - 1).</summary>
internal readonly struct Elu(float alpha) : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        V.Select(V.GreaterThan(x, V.Zero), x, V.Broadcast(alpha) * VectorMath.Expm1NonPositive(V.Min(V.Zero, x)));
}
