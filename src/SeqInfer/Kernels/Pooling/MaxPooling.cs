using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Pooling;

/// <summary>Largest value of each column; NaN if the column has one.</summary>
internal readonly struct MaxPooling : IPooling
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>()
        where V : unmanaged, ISimd<V> =>
        V.Broadcast(float.NegativeInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Accumulate<V>(V accumulator, V x)
        where V : unmanaged, ISimd<V> =>
        V.Select(V.GreaterThan(x, accumulator) | V.IsNaN(x), x, accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finish<V>(V accumulator, int count)
        where V : unmanaged, ISimd<V> =>
        accumulator;
}
