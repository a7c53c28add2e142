using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqInfer.Kernels.Simd;

/// <summary>Eight lanes on AVX2 with FMA.</summary>
internal readonly unsafe struct F256 : ISimd<F256>
{
    private readonly Vector256<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private F256(Vector256<float> v) => _v = v;

    public static int Width => 8;

    public static bool IsSupported => Avx2.IsSupported && System.Runtime.Intrinsics.X86.Fma.IsSupported;

    public static string Name => "avx2";

    public static F256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Load(float* p) => new(Vector256.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 LoadPartial(float* p, int count) => new(Avx.MaskLoad(p, FirstLanes(count)._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Broadcast(float* p) => new(Vector256.Create(*p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 BroadcastInt32(int bits) => new(Vector256.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 LoadBf16(ushort* p) => ShiftLeftInt32(LoadUInt16(p), 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 LoadBf16Partial(ushort* p, int count) => ShiftLeftInt32(LoadUInt16Partial(p, count), 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 LoadF16(Half* p) => HalfBits.Widen(LoadUInt16((ushort*)p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 LoadF16Partial(Half* p, int count) => HalfBits.Widen(LoadUInt16Partial((ushort*)p, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 LoadInt8(sbyte* p) => new(Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(p)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 LoadInt8Partial(sbyte* p, int count) =>
        new(Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(PartialBytes.Load16(p, count).AsSByte())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 LoadInt8Pairs(sbyte* p) => new(Avx2.ConvertToVector256Int16(p).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* p) => _v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(float* p, int count)
    {
        // Some processors split the older masked store into dozens of operations.
        if (Avx512F.VL.IsSupported)
            Avx512F.VL.MaskStore(p, FirstLanes(count)._v, _v);
        else
            Avx.MaskStore(p, FirstLanes(count)._v, _v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreInt16(short* p) => Vector128.Narrow(_v.AsInt32().GetLower(), _v.AsInt32().GetUpper()).Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 operator +(F256 a, F256 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 operator -(F256 a, F256 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 operator *(F256 a, F256 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 operator /(F256 a, F256 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Quotient(F256 a, F256 b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 operator -(F256 a) => new(a._v ^ Vector256.Create(-0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 operator &(F256 a, F256 b) => new(a._v & b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 operator |(F256 a, F256 b) => new(a._v | b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 operator ^(F256 a, F256 b) => new(a._v ^ b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Fma(F256 a, F256 b, F256 c) => new(Vector256.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref F256 sum, F256 x, F256 w) => sum = new(Vector256.FusedMultiplyAdd(x._v, w._v, sum._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref F256 sum, float* x, F256 w) => sum = new(Vector256.FusedMultiplyAdd(Vector256.Create(*x), w._v, sum._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Fnma(F256 a, F256 b, F256 c) => new(System.Runtime.Intrinsics.X86.Fma.MultiplyAddNegated(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Min(F256 a, F256 b) => new(Avx.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Max(F256 a, F256 b) => new(Avx.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Sqrt(F256 a) => new(Vector256.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Abs(F256 a) => new(Vector256.Abs(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Round(F256 a) => new(Vector256.Round(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 LessThan(F256 a, F256 b) => new(Vector256.LessThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 LessThanOrEqual(F256 a, F256 b) => new(Vector256.LessThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 GreaterThan(F256 a, F256 b) => new(Vector256.GreaterThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 GreaterThanOrEqual(F256 a, F256 b) => new(Vector256.GreaterThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Equal(F256 a, F256 b) => new(Vector256.Equals(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 IsNaN(F256 a) => new(Vector256.IsNaN(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 FirstLanes(int count) => new(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 Select(F256 mask, F256 a, F256 b) => new(Vector256.ConditionalSelect(mask._v, a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(F256 mask) => (uint)Vector256.ExtractMostSignificantBits(mask._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint GreaterThanOrEqualBits(F256 a, F256 b) => (uint)Vector256.ExtractMostSignificantBits(Vector256.GreaterThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(F256 mask) => MoveMask(mask) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 ScaleByPow2(F256 x, F256 n) => Pow2.ScaleInTwoSteps(x, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 AddInt32(F256 a, F256 b) => new((a._v.AsInt32() + b._v.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 SubtractInt32(F256 a, F256 b) => new((a._v.AsInt32() - b._v.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 MultiplyAddInt16(F256 a, F256 b, F256 c) => new((AvxVnni.IsSupported
        ? AvxVnni.MultiplyWideningAndAdd(c._v.AsInt32(), a._v.AsInt16(), b._v.AsInt16())
        : c._v.AsInt32() + Avx2.MultiplyAddAdjacent(a._v.AsInt16(), b._v.AsInt16())).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 ShiftLeftInt32(F256 a, int bits) => new((a._v.AsInt32() << bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 ShiftRightInt32(F256 a, int bits) => new((a._v.AsInt32() >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 ShiftRightInt16(F256 a, int bits) => new((a._v.AsInt16() >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 GreaterThanInt32(F256 a, F256 b) => new(Vector256.GreaterThan(a._v.AsInt32(), b._v.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 ConvertInt32ToSingle(F256 a) => new(Vector256.ConvertToSingle(a._v.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 ConvertSingleToInt32(F256 a) => new(Vector256.ConvertToInt32Native(a._v).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F256 AddByteProducts(F256 a0, F256 b0, F256 a1, F256 b1, F256 sum)
    {
        if (AvxVnni.IsSupported)
        {
            Vector256<int> first = AvxVnni.MultiplyWideningAndAdd(sum._v.AsInt32(), a0._v.AsByte(), b0._v.AsSByte());
            return new(AvxVnni.MultiplyWideningAndAdd(first, a1._v.AsByte(), b1._v.AsSByte()).AsSingle());
        }

        Vector256<short> fours = Avx2.MultiplyAddAdjacent(a0._v.AsByte(), b0._v.AsSByte()) + Avx2.MultiplyAddAdjacent(a1._v.AsByte(), b1._v.AsSByte());
        return new((sum._v.AsInt32() + Avx2.MultiplyAddAdjacent(fours, Vector256<short>.One)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(F256 a) => F128.Sum(Lower(a) + Upper(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SumInt32(F256 a) => Vector128.Sum(a._v.AsInt32().GetLower() + a._v.AsInt32().GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumFour(F256 a, F256 b, F256 c, F256 d, float* sums) =>
        F128.SumFour(Lower(a) + Upper(a), Lower(b) + Upper(b), Lower(c) + Upper(c), Lower(d) + Upper(d), sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MaxFour(F256 a, F256 b, F256 c, F256 d, float* largest) => F128.MaxFour(
        F128.Max(Lower(a), Upper(a)), F128.Max(Lower(b), Upper(b)), F128.Max(Lower(c), Upper(c)), F128.Max(Lower(d), Upper(d)), largest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxElement(F256 a) => F128.MaxElement(F128.Max(Lower(a), Upper(a)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinElement(F256 a) => F128.MinElement(F128.Min(Lower(a), Upper(a)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F128 Lower(F256 a) => F128.From(a._v.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F128 Upper(F256 a) => F128.From(a._v.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static F256 From(Vector256<float> v) => new(v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> ToVector(F256 a) => a._v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F256 LoadUInt16(ushort* p) => new(Avx2.ConvertToVector256Int32(p).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F256 LoadUInt16Partial(ushort* p, int count) =>
        new(Avx2.ConvertToVector256Int32(PartialBytes.Load16(p, 2 * count).AsUInt16()).AsSingle());
}
