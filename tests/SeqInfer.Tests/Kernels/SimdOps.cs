using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Tests.Kernels;

// One op for each vector member, so that the shared loops carry them to every lane

internal readonly struct MinOp : IBinaryOp
{
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.Min(a, b);
}

internal readonly struct MaxOp : IBinaryOp
{
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.Max(a, b);
}

internal readonly struct QuotientOp : IBinaryOp
{
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.Quotient(a, b);
}

/// <summary>a b + c with c = a.</summary>
internal readonly struct FmaOp : IBinaryOp
{
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.Fma(a, b, a);
}

/// <summary>c - a b with c = a.</summary>
internal readonly struct FnmaOp : IBinaryOp
{
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.Fnma(a, b, a);
}

/// <summary>The five comparisons as bits of a small integer: &lt; 1, &lt;= 2, &gt; 4, &gt;= 8, == 16; NaN in a adds 32.</summary>
internal readonly struct CompareOp : IBinaryOp
{
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        (V.LessThan(a, b) & V.Broadcast(1f)) + (V.LessThanOrEqual(a, b) & V.Broadcast(2f)) + (V.GreaterThan(a, b) & V.Broadcast(4f))
        + (V.GreaterThanOrEqual(a, b) & V.Broadcast(8f)) + (V.Equal(a, b) & V.Broadcast(16f)) + (V.IsNaN(a) & V.Broadcast(32f));
}

/// <summary>a where a &lt; b, else b.</summary>
internal readonly struct SelectOp : IBinaryOp
{
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.Select(V.LessThan(a, b), a, b);
}

/// <summary>Bitwise members and integer arithmetic of the lanes' bits, mixed.</summary>
internal readonly struct BitsOp : IBinaryOp
{
    public static int Expected(int a, int b) => unchecked(((a & b) + (a | b) - (a ^ b)) ^ (a << 5) ^ (b >> 7) ^ (a > b ? -1 : 0));

    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.SubtractInt32(V.AddInt32(a & b, a | b), a ^ b) ^ V.ShiftLeftInt32(a, 5) ^ V.ShiftRightInt32(b, 7) ^ V.GreaterThanInt32(a, b);
}

/// <summary>
/// b's bits plus three times the products of the bytes of a, cut to 7 bits, and of b, brought to -64 .. 63, plus those the other way round.
/// </summary>
internal readonly struct ByteProductsOp : IBinaryOp
{
    public static int Expected(int a, int b)
    {
        int sum = b;
        for (int shift = 0; shift < 32; shift += 8)
        {
            int left = (a >> shift) & 0x7F;
            int right = (b >> shift) & 0x7F;
            sum = unchecked(sum + (3 * left * (right - 64)) + (right * (left - 64)));
        }

        return sum;
    }

    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.AddByteProducts(Seven(a), Signed(b), Seven(a), Signed(b), V.AddByteProducts(Seven(a), Signed(b), Seven(b), Signed(a), b));

    private static V Seven<V>(V x)
        where V : unmanaged, ISimd<V> => x & V.BroadcastInt32(0x7F7F7F7F);

    // In bytes of 7 bits x - 64 is: the sign is the complement of bit 6, copied to bit 7
    private static V Signed<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V flipped = Seven(x) ^ V.BroadcastInt32(0x40404040);
        return flipped | V.ShiftLeftInt32(flipped & V.BroadcastInt32(0x40404040), 1);
    }
}

internal readonly struct NegateOp : IUnaryOp
{
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        -x;
}

internal readonly struct AbsOp : IUnaryOp
{
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        V.Abs(x);
}

internal readonly struct SqrtOp : IUnaryOp
{
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        V.Sqrt(x);
}

internal readonly struct RoundOp : IUnaryOp
{
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        V.Round(x);
}

/// <summary>To an integer and back.</summary>
internal readonly struct Int32RoundTripOp : IUnaryOp
{
    public V Apply<V>(V x)
        where V : unmanaged, ISimd<V> =>
        V.ConvertInt32ToSingle(V.ConvertSingleToInt32(x));
}

/// <summary>a 2^b.</summary>
internal readonly struct ScaleByPow2Op : IBinaryOp
{
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        V.ScaleByPow2(a, b);
}
