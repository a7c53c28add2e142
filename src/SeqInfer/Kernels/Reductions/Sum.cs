using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Reductions;

/// <summary>Sum of the elements.</summary>
internal readonly struct Sum : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V>()
        where V : unmanaged, ISimd<V> =>
        V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Accumulate<V>(V accumulator, V x)
        where V : unmanaged, ISimd<V> =>
        accumulator + x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Collapse<V>(V accumulator)
        where V : unmanaged, ISimd<V> =>
        V.Sum(accumulator);
}
