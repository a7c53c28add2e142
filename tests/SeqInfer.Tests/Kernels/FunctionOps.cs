using System.Runtime.CompilerServices;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Tests.Kernels;

/// <summary>e^x as an op.</summary>
internal readonly struct ExpOp : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        VectorMath.Exp(x);
}

/// <summary>e^-|x| by the variant for arguments that are not positive.</summary>
internal readonly struct ExpNonPositiveOp : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        VectorMath.ExpNonPositive(-V.Abs(x));
}

/// <summary>e^-|x| - 1.</summary>
internal readonly struct Expm1NonPositiveOp : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        VectorMath.Expm1NonPositive(-V.Abs(x));
}

/// <summary>ln x as an op.</summary>
internal readonly struct LogOp : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        VectorMath.Log(x);
}
