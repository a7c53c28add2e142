using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Pooling;

/// <summary>Mean of the rows.</summary>
internal readonly struct MeanPooling : IPooling
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>()
        where V : unmanaged, ISimd<V> =>
        V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Accumulate<V>(V accumulator, V x)
        where V : unmanaged, ISimd<V> =>
        accumulator + x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finish<V>(V accumulator, int count)
        where V : unmanaged, ISimd<V> =>
        accumulator / V.Broadcast((float)count);
}
