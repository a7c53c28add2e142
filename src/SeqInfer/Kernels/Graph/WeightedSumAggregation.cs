using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Graph;

/// <summary>Sum of the neighbours, each times the weight of its edge.</summary>
internal readonly struct WeightedSumAggregation : IAggregation
{
    public static bool IsWeighted => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>()
        where V : unmanaged, ISimd<V> =>
        V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Accumulate<V>(V accumulator, V x, V weight)
        where V : unmanaged, ISimd<V> =>
        V.Fma(weight, x, accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finish<V>(V accumulator, int neighbours)
        where V : unmanaged, ISimd<V> =>
        accumulator;
}
