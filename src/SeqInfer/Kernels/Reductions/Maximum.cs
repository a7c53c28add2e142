using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Reductions;

/// <summary>Largest element; -infinity for none. NaN may get lost.</summary>
internal readonly struct Maximum : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V>()
        where V : unmanaged, ISimd<V> =>
        V.Broadcast(float.NegativeInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Accumulate<V>(V accumulator, V x)
        where V : unmanaged, ISimd<V> =>
        V.Max(accumulator, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Collapse<V>(V accumulator)
        where V : unmanaged, ISimd<V> =>
        V.MaxElement(accumulator);
}
