using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>How a vector of units is read and written: whole, or the first units only, where the row ends.</summary>
internal unsafe interface ILanes
{
    static abstract V Load<V>(float* p, int count)
        where V : unmanaged, ISimd<V>;

    static abstract void Store<V>(V v, float* p, int count)
        where V : unmanaged, ISimd<V>;
}

/// <summary>All lanes; the count is ignored.</summary>
internal readonly unsafe struct AllLanes : ILanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(float* p, int count)
        where V : unmanaged, ISimd<V> => V.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V>(V v, float* p, int count)
        where V : unmanaged, ISimd<V> => v.Store(p);
}

/// <summary>The first lanes.</summary>
internal readonly unsafe struct FirstLanes : ILanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(float* p, int count)
        where V : unmanaged, ISimd<V> => V.LoadPartial(p, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V>(V v, float* p, int count)
        where V : unmanaged, ISimd<V> => v.StorePartial(p, count);
}
