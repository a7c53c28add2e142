using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>Gaussian error linear unit in its exact form: x/2 (1 + erf(x / sqrt 2)).</summary>
internal readonly struct Gelu : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        VectorMath.Gelu(x);
}
