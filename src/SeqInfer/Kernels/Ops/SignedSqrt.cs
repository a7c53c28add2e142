using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>Square root of the magnitude, with the sign of x.</summary>
internal readonly struct SignedSqrt : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V root = V.Sqrt(V.Abs(x));
        return V.Select(V.GreaterThan(V.Zero, x), V.Zero - root, root);
    }
}
