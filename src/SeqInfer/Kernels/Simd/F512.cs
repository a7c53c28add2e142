using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqInfer.Kernels.Simd;

/// <summary>Sixteen lanes on AVX-512.</summary>
internal readonly unsafe struct F512 : ISimd<F512>
{
    private readonly Vector512<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private F512(Vector512<float> v) => _v = v;

    public static int Width => 16;

    public static bool IsSupported => Avx512F.IsSupported && Vector512.IsHardwareAccelerated;

    public static string Name => "avx512";

    public static F512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Load(float* p) => new(Vector512.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 LoadPartial(float* p, int count) => new(Avx512F.MaskLoad(p, FirstLanes(count)._v, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Broadcast(float* p) => new(Vector512.Create(*p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 BroadcastInt32(int bits) => new(Vector512.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 LoadBf16(ushort* p) => ShiftLeftInt32(LoadUInt16(p), 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 LoadBf16Partial(ushort* p, int count) => ShiftLeftInt32(LoadUInt16Partial(p, count), 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 LoadF16(Half* p) => HalfBits.Widen(LoadUInt16((ushort*)p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 LoadF16Partial(Half* p, int count) => HalfBits.Widen(LoadUInt16Partial((ushort*)p, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 LoadInt8(sbyte* p) => new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(p))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 LoadInt8Partial(sbyte* p, int count) =>
        new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(PartialBytes.Load16(p, count).AsSByte())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 LoadInt8Pairs(sbyte* p) => new(Avx512BW.ConvertToVector512Int16(Vector256.Load(p)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* p) => _v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(float* p, int count) => Avx512F.MaskStore(p, FirstLanes(count)._v, _v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreInt16(short* p) => Avx512F.ConvertToVector256Int16(_v.AsInt32()).Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 operator +(F512 a, F512 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 operator -(F512 a, F512 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 operator *(F512 a, F512 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 operator /(F512 a, F512 b) => new(a._v / b._v);

    // One step of Newton's: 14 bits become more than 24
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Quotient(F512 a, F512 b)
    {
        Vector512<float> estimate = Avx512F.Reciprocal14(b._v);
        Vector512<float> error = Avx512F.FusedMultiplyAddNegated(estimate, b._v, Vector512<float>.One);
        return new(a._v * Vector512.FusedMultiplyAdd(estimate, error, estimate));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 operator -(F512 a) => new(a._v ^ Vector512.Create(-0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 operator &(F512 a, F512 b) => new(a._v & b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 operator |(F512 a, F512 b) => new(a._v | b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 operator ^(F512 a, F512 b) => new(a._v ^ b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Fma(F512 a, F512 b, F512 c) => new(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref F512 sum, F512 x, F512 w) => sum = new(Vector512.FusedMultiplyAdd(x._v, w._v, sum._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref F512 sum, float* x, F512 w) => sum = new(Vector512.FusedMultiplyAdd(Vector512.Create(*x), w._v, sum._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Fnma(F512 a, F512 b, F512 c) => new(Avx512F.FusedMultiplyAddNegated(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Min(F512 a, F512 b) => new(Avx512F.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Max(F512 a, F512 b) => new(Avx512F.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Sqrt(F512 a) => new(Vector512.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Abs(F512 a) => new(Vector512.Abs(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Round(F512 a) => new(Vector512.Round(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 LessThan(F512 a, F512 b) => new(Vector512.LessThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 LessThanOrEqual(F512 a, F512 b) => new(Vector512.LessThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 GreaterThan(F512 a, F512 b) => new(Vector512.GreaterThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 GreaterThanOrEqual(F512 a, F512 b) => new(Vector512.GreaterThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Equal(F512 a, F512 b) => new(Vector512.Equals(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 IsNaN(F512 a) => new(Vector512.IsNaN(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 FirstLanes(int count) => new(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 Select(F512 mask, F512 a, F512 b) => new(Vector512.ConditionalSelect(mask._v, a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(F512 mask) => (uint)Vector512.ExtractMostSignificantBits(mask._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint GreaterThanOrEqualBits(F512 a, F512 b) => (uint)Vector512.ExtractMostSignificantBits(Vector512.GreaterThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(F512 mask) => MoveMask(mask) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 ScaleByPow2(F512 x, F512 n) => new(Avx512F.Scale(x._v, n._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 AddInt32(F512 a, F512 b) => new((a._v.AsInt32() + b._v.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 SubtractInt32(F512 a, F512 b) => new((a._v.AsInt32() - b._v.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 MultiplyAddInt16(F512 a, F512 b, F512 c) =>
        new((c._v.AsInt32() + Avx512BW.MultiplyAddAdjacent(a._v.AsInt16(), b._v.AsInt16())).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 ShiftLeftInt32(F512 a, int bits) => new((a._v.AsInt32() << bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 ShiftRightInt32(F512 a, int bits) => new((a._v.AsInt32() >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 ShiftRightInt16(F512 a, int bits) => new((a._v.AsInt16() >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 GreaterThanInt32(F512 a, F512 b) => new(Vector512.GreaterThan(a._v.AsInt32(), b._v.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 ConvertInt32ToSingle(F512 a) => new(Vector512.ConvertToSingle(a._v.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 ConvertSingleToInt32(F512 a) => new(Vector512.ConvertToInt32Native(a._v).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 AddByteProducts(F512 a0, F512 b0, F512 a1, F512 b1, F512 sum)
    {
        Vector512<short> fours = Avx512BW.MultiplyAddAdjacent(a0._v.AsByte(), b0._v.AsSByte()) + Avx512BW.MultiplyAddAdjacent(a1._v.AsByte(), b1._v.AsSByte());
        return new((sum._v.AsInt32() + Avx512BW.MultiplyAddAdjacent(fours, Vector512<short>.One)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(F512 a) => F256.Sum(Lower(a) + Upper(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SumInt32(F512 a) => F256.SumInt32(F256.AddInt32(Lower(a), Upper(a)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumFour(F512 a, F512 b, F512 c, F512 d, float* sums) =>
        F256.SumFour(Lower(a) + Upper(a), Lower(b) + Upper(b), Lower(c) + Upper(c), Lower(d) + Upper(d), sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MaxFour(F512 a, F512 b, F512 c, F512 d, float* largest) => F256.MaxFour(
        F256.Max(Lower(a), Upper(a)), F256.Max(Lower(b), Upper(b)), F256.Max(Lower(c), Upper(c)), F256.Max(Lower(d), Upper(d)), largest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxElement(F512 a) => F256.MaxElement(F256.Max(Lower(a), Upper(a)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinElement(F512 a) => F256.MinElement(F256.Min(Lower(a), Upper(a)));

    /// <summary>The lanes 0..7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Lower(F512 a) => F256.From(a._v.GetLower());

    /// <summary>The lanes 8..15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Upper(F512 a) => F256.From(a._v.GetUpper());

    /// <summary>Adds to the lanes 2i and 2i + 1 of a sum those of w times the first and the second of two floats side by side in memory.</summary>
    /// <remarks>
    /// They are loaded as an integer: its broadcast is done where memory is read. One of floating point takes half of a multiply-add's units.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddPairProduct(ref F512 sum, float* pair, F512 w) =>
        sum = new(Vector512.FusedMultiplyAdd(Vector512.Create(*(long*)pair).AsSingle(), w._v, sum._v));

    /// <summary>The same with the bits of the two floats, the first in the lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddPairProduct(ref F512 sum, long pair, F512 w) =>
        sum = new(Vector512.FusedMultiplyAdd(Vector512.Create(pair).AsSingle(), w._v, sum._v));

    /// <summary>Lane i goes to lane 2i; the lanes between are +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 ToPairs(F256 a) => new(Avx512F.ConvertToVector512UInt64(F256.ToVector(a).AsUInt32()).AsSingle());

    /// <summary>
    /// Lane i of the lower half is (a0[2i] + a0[2i + 1]) + (a1[2i] + a1[2i + 1]), of the upper half that of b0 and b1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F512 SumPairs(F512 a0, F512 a1, F512 b0, F512 b1)
    {
        // Two lanes of a and of b by turns
        Vector512<float> first = Avx512F.Shuffle(a0._v, b0._v, 0b10_00_10_00) + Avx512F.Shuffle(a0._v, b0._v, 0b11_01_11_01);
        Vector512<float> second = Avx512F.Shuffle(a1._v, b1._v, 0b10_00_10_00) + Avx512F.Shuffle(a1._v, b1._v, 0b11_01_11_01);
        return new(Avx512F.PermuteVar8x64((first + second).AsDouble(), Vector512.Create(0L, 2, 4, 6, 1, 3, 5, 7)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F512 LoadUInt16(ushort* p) => new(Avx512F.ConvertToVector512UInt32(Vector256.Load(p)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F512 LoadUInt16Partial(ushort* p, int count) => new(Avx512F.ConvertToVector512UInt32(Vector256.Create(
        PartialBytes.Load16(p, 2 * count), PartialBytes.Load16(p + 8, 2 * count - 16)).AsUInt16()).AsSingle());
}
