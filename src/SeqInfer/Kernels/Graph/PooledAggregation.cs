using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Pooling;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Graph;

/// <summary>Neighbours without weights, pooled: sum, mean or maximum.</summary>
internal readonly struct PooledAggregation<TPooling> : IAggregation
    where TPooling : struct, IPooling
{
    public static bool IsWeighted => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>()
        where V : unmanaged, ISimd<V> =>
        TPooling.Start<V>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Accumulate<V>(V accumulator, V x, V weight)
        where V : unmanaged, ISimd<V> =>
        TPooling.Accumulate(accumulator, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finish<V>(V accumulator, int neighbours)
        where V : unmanaged, ISimd<V> =>
        TPooling.Finish(accumulator, neighbours);
}
