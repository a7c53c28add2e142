using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Simd;

/// <summary>One lane: plain scalar code, which runs everywhere and is the yardstick for the other widths.</summary>
internal readonly unsafe struct F1 : ISimd<F1>
{
    private readonly float _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private F1(float v) => _v = v;

    public static int Width => 1;

    public static bool IsSupported => true;

    public static string Name => "scalar";

    public static F1 Zero => default;

    private int Bits => BitConverter.SingleToInt32Bits(_v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Load(float* p) => new(*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LoadPartial(float* p, int count) => count > 0 ? new(*p) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Broadcast(float* p) => new(*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 BroadcastInt32(int bits) => FromBits(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LoadBf16(ushort* p) => FromBits(*p << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LoadBf16Partial(ushort* p, int count) => count > 0 ? LoadBf16(p) : default;

    // Not by bit patterns as in the vectors: .NET 10 reads four bytes for a 16-bit load reinterpreted as float (dotnet/runtime#133580)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LoadF16(Half* p) => new((float)*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LoadF16Partial(Half* p, int count) => count > 0 ? LoadF16(p) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LoadInt8(sbyte* p) => new(*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LoadInt8Partial(sbyte* p, int count) => count > 0 ? LoadInt8(p) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LoadInt8Pairs(sbyte* p) => FromBits((p[0] & 0xFFFF) + (p[1] << 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* p) => *p = _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(float* p, int count)
    {
        if (count > 0) *p = _v;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreInt16(short* p) => *p = (short)Bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator +(F1 a, F1 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator -(F1 a, F1 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator *(F1 a, F1 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator /(F1 a, F1 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Quotient(F1 a, F1 b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator -(F1 a) => FromBits(a.Bits ^ int.MinValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator &(F1 a, F1 b) => FromBits(a.Bits & b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator |(F1 a, F1 b) => FromBits(a.Bits | b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 operator ^(F1 a, F1 b) => FromBits(a.Bits ^ b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Fma(F1 a, F1 b, F1 c) => new(MathF.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref F1 sum, F1 x, F1 w) => sum = Fma(x, w, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref F1 sum, float* x, F1 w) => sum = Fma(Broadcast(x), w, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Fnma(F1 a, F1 b, F1 c) => new(MathF.FusedMultiplyAdd(-a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Min(F1 a, F1 b) => a._v < b._v ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Max(F1 a, F1 b) => a._v > b._v ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Sqrt(F1 a) => new(MathF.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Abs(F1 a) => FromBits(a.Bits & int.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Round(F1 a) => new(MathF.Round(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LessThan(F1 a, F1 b) => Mask(a._v < b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LessThanOrEqual(F1 a, F1 b) => Mask(a._v <= b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 GreaterThan(F1 a, F1 b) => Mask(a._v > b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 GreaterThanOrEqual(F1 a, F1 b) => Mask(a._v >= b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Equal(F1 a, F1 b) => Mask(a._v == b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 IsNaN(F1 a) => Mask(float.IsNaN(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 FirstLanes(int count) => Mask(count > 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Select(F1 mask, F1 a, F1 b) => FromBits((mask.Bits & a.Bits) | (~mask.Bits & b.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(F1 mask) => (uint)mask.Bits >> 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint GreaterThanOrEqualBits(F1 a, F1 b) => MoveMask(GreaterThanOrEqual(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(F1 mask) => mask.Bits != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 ScaleByPow2(F1 x, F1 n) => Pow2.ScaleInTwoSteps(x, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 AddInt32(F1 a, F1 b) => FromBits(unchecked(a.Bits + b.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 SubtractInt32(F1 a, F1 b) => FromBits(unchecked(a.Bits - b.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 MultiplyAddInt16(F1 a, F1 b, F1 c) =>
        FromBits(unchecked(c.Bits + ((short)a.Bits * (short)b.Bits) + ((a.Bits >> 16) * (b.Bits >> 16))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 ShiftLeftInt32(F1 a, int bits) => FromBits(a.Bits << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 ShiftRightInt32(F1 a, int bits) => FromBits(a.Bits >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 ShiftRightInt16(F1 a, int bits) => FromBits((((short)a.Bits >> bits) & 0xFFFF) + (a.Bits >> 16 >> bits << 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 GreaterThanInt32(F1 a, F1 b) => Mask(a.Bits > b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 ConvertInt32ToSingle(F1 a) => new(a.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 ConvertSingleToInt32(F1 a) => FromBits((int)a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 AddByteProducts(F1 a0, F1 b0, F1 a1, F1 b1, F1 sum) => FromBits(sum.Bits + Products(a0.Bits, b0.Bits) + Products(a1.Bits, b1.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Products(int a, int b) =>
        ((sbyte)a * (sbyte)b) + ((sbyte)(a >> 8) * (sbyte)(b >> 8)) + ((sbyte)(a >> 16) * (sbyte)(b >> 16)) + ((a >> 24) * (b >> 24));

    public static float Sum(F1 a) => a._v;

    public static int SumInt32(F1 a) => a.Bits;

    public static void SumFour(F1 a, F1 b, F1 c, F1 d, float* sums) => MaxFour(a, b, c, d, sums);

    public static float MaxElement(F1 a) => a._v;

    public static void MaxFour(F1 a, F1 b, F1 c, F1 d, float* largest)
    {
        largest[0] = a._v;
        largest[1] = b._v;
        largest[2] = c._v;
        largest[3] = d._v;
    }

    public static float MinElement(F1 a) => a._v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F1 FromBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F1 Mask(bool condition) => FromBits(condition ? -1 : 0);
}
