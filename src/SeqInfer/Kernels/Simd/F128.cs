using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqInfer.Kernels.Simd;

/// <summary>Four lanes: SSE on x64, AdvSimd on Arm64.</summary>
internal readonly unsafe struct F128 : ISimd<F128>
{
    private readonly Vector128<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private F128(Vector128<float> v) => _v = v;

    public static int Width => 4;

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static string Name => "vector128";

    public static F128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Load(float* p) => new(Vector128.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 LoadPartial(float* p, int count) => new(count switch
    {
        <= 0 => Vector128<float>.Zero,
        1 => Vector128.CreateScalar(*p),
        2 => Vector128.CreateScalar(Unsafe.ReadUnaligned<long>(p)).AsSingle(),
        3 => Vector128.CreateScalar(Unsafe.ReadUnaligned<long>(p)).AsSingle().WithElement(2, p[2]),
        _ => Vector128.Load(p),
    });

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Broadcast(float* p) => new(Vector128.Create(*p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 BroadcastInt32(int bits) => new(Vector128.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 LoadBf16(ushort* p) => ShiftLeftInt32(LoadUInt16(p), 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 LoadBf16Partial(ushort* p, int count) => ShiftLeftInt32(LoadUInt16Partial(p, count), 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 LoadF16(Half* p) => HalfBits.Widen(LoadUInt16((ushort*)p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 LoadF16Partial(Half* p, int count) => HalfBits.Widen(LoadUInt16Partial((ushort*)p, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 LoadInt8(sbyte* p) =>
        new(Vector128.ConvertToSingle(WidenInt8(Vector128.CreateScalar((long)Unsafe.ReadUnaligned<int>(p)))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 LoadInt8Partial(sbyte* p, int count) =>
        new(Vector128.ConvertToSingle(WidenInt8(Vector128.CreateScalar((long)PartialBytes.Load8(p, Math.Min(count, 4))))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 LoadInt8Pairs(sbyte* p) => new(Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<long>(p)).AsSByte()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* p) => _v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(float* p, int count)
    {
        if (count >= 4)
        {
            _v.Store(p);
            return;
        }

        if (count >= 2) Unsafe.WriteUnaligned(p, _v.AsInt64().ToScalar());
        if (count == 3) p[2] = _v.GetElement(2);
        if (count == 1) *p = _v.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreInt16(short* p) => Unsafe.WriteUnaligned(p, Vector128.Narrow(_v.AsInt32(), _v.AsInt32()).AsInt64().ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 operator +(F128 a, F128 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 operator -(F128 a, F128 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 operator *(F128 a, F128 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 operator /(F128 a, F128 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Quotient(F128 a, F128 b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 operator -(F128 a) => new(a._v ^ Vector128.Create(-0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 operator &(F128 a, F128 b) => new(a._v & b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 operator |(F128 a, F128 b) => new(a._v | b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 operator ^(F128 a, F128 b) => new(a._v ^ b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Fma(F128 a, F128 b, F128 c) => new(Vector128.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref F128 sum, F128 x, F128 w) => sum = Fma(x, w, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref F128 sum, float* x, F128 w) => sum = Fma(Broadcast(x), w, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Fnma(F128 a, F128 b, F128 c) => new(Vector128.FusedMultiplyAdd(-a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Min(F128 a, F128 b) => Sse.IsSupported ? new(Sse.Min(a._v, b._v)) : Select(LessThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Max(F128 a, F128 b) => Sse.IsSupported ? new(Sse.Max(a._v, b._v)) : Select(GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Sqrt(F128 a) => new(Vector128.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Abs(F128 a) => new(Vector128.Abs(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Round(F128 a) => new(Vector128.Round(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 LessThan(F128 a, F128 b) => new(Vector128.LessThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 LessThanOrEqual(F128 a, F128 b) => new(Vector128.LessThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 GreaterThan(F128 a, F128 b) => new(Vector128.GreaterThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 GreaterThanOrEqual(F128 a, F128 b) => new(Vector128.GreaterThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Equal(F128 a, F128 b) => new(Vector128.Equals(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 IsNaN(F128 a) => new(Vector128.IsNaN(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 FirstLanes(int count) => new(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 Select(F128 mask, F128 a, F128 b) => new(Vector128.ConditionalSelect(mask._v, a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(F128 mask) => (uint)Vector128.ExtractMostSignificantBits(mask._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint GreaterThanOrEqualBits(F128 a, F128 b) => (uint)Vector128.ExtractMostSignificantBits(Vector128.GreaterThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(F128 mask) => MoveMask(mask) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 ScaleByPow2(F128 x, F128 n) => Pow2.ScaleInTwoSteps(x, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 AddInt32(F128 a, F128 b) => new((a._v.AsInt32() + b._v.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 SubtractInt32(F128 a, F128 b) => new((a._v.AsInt32() - b._v.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 MultiplyAddInt16(F128 a, F128 b, F128 c) => new((c._v.AsInt32() + MultiplyAddPairs(a._v.AsInt16(), b._v.AsInt16())).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 ShiftLeftInt32(F128 a, int bits) => new((a._v.AsInt32() << bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 ShiftRightInt32(F128 a, int bits) => new((a._v.AsInt32() >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 ShiftRightInt16(F128 a, int bits) => new((a._v.AsInt16() >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 GreaterThanInt32(F128 a, F128 b) => new(Vector128.GreaterThan(a._v.AsInt32(), b._v.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 ConvertInt32ToSingle(F128 a) => new(Vector128.ConvertToSingle(a._v.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 ConvertSingleToInt32(F128 a) => new(Vector128.ConvertToInt32Native(a._v).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F128 AddByteProducts(F128 a0, F128 b0, F128 a1, F128 b1, F128 sum)
    {
        if (AvxVnni.IsSupported)
        {
            Vector128<int> first = AvxVnni.MultiplyWideningAndAdd(sum._v.AsInt32(), a0._v.AsByte(), b0._v.AsSByte());
            return new(AvxVnni.MultiplyWideningAndAdd(first, a1._v.AsByte(), b1._v.AsSByte()).AsSingle());
        }

        Vector128<int> fours = (PairSums(a0, b0) + PairSums(a1, b1)).AsInt32();
        Vector128<int> eights = Sse2.IsSupported ? Sse2.MultiplyAddAdjacent(fours.AsInt16(), Vector128<short>.One) : ((fours << 16) >> 16) + (fours >> 16);
        return new((sum._v.AsInt32() + eights).AsSingle());
    }

    // Without the instruction: both bytes of each 16-bit lane, sign-extended; those of a are below 128
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> PairSums(F128 a, F128 b)
    {
        if (Ssse3.IsSupported) return Ssse3.MultiplyAddAdjacent(a._v.AsByte(), b._v.AsSByte());
        Vector128<short> x = a._v.AsInt16();
        Vector128<short> y = b._v.AsInt16();
        return (((x << 8) >> 8) * ((y << 8) >> 8)) + ((x >> 8) * (y >> 8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(F128 a)
    {
        Vector128<float> pairs = a._v + Swap(a, 2)._v;
        return pairs.ToScalar() + pairs.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SumInt32(F128 a) => Vector128.Sum(a._v.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumFour(F128 a, F128 b, F128 c, F128 d, float* sums)
    {
        F128 ac = From(Lanes128.PairsLow(a._v, c._v)) + From(Lanes128.PairsHigh(a._v, c._v));
        F128 bd = From(Lanes128.PairsLow(b._v, d._v)) + From(Lanes128.PairsHigh(b._v, d._v));
        Lanes128.Pairs(ac._v, bd._v, out Vector128<float> first, out Vector128<float> second);
        (From(first) + From(second)).Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MaxFour(F128 a, F128 b, F128 c, F128 d, float* largest)
    {
        F128 ac = Max(From(Lanes128.PairsLow(a._v, c._v)), From(Lanes128.PairsHigh(a._v, c._v)));
        F128 bd = Max(From(Lanes128.PairsLow(b._v, d._v)), From(Lanes128.PairsHigh(b._v, d._v)));
        Lanes128.Pairs(ac._v, bd._v, out Vector128<float> first, out Vector128<float> second);
        Max(From(first), From(second)).Store(largest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxElement(F128 a)
    {
        F128 pairs = Max(a, Swap(a, 2));
        return Max(pairs, Swap(pairs, 1))._v.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinElement(F128 a)
    {
        F128 pairs = Min(a, Swap(a, 2));
        return Min(pairs, Swap(pairs, 1))._v.ToScalar();
    }

    // Exchanges lanes whose indices differ in one bit: distance 2 pairs 0-2 and 1-3, distance 1 pairs 0-1 and 2-3
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F128 Swap(F128 a, [ConstantExpected] int distance) =>
        new(Vector128.Shuffle(a._v, distance == 2 ? Vector128.Create(2, 3, 0, 1) : Vector128.Create(1, 0, 3, 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static F128 From(Vector128<float> v) => new(v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F128 LoadUInt16(ushort* p) =>
        new(Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<long>(p)).AsUInt16()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F128 LoadUInt16Partial(ushort* p, int count) =>
        new(Vector128.WidenLower(Vector128.CreateScalar(PartialBytes.Load8(p, 2 * count)).AsUInt16()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> WidenInt8(Vector128<long> bytes) => Vector128.WidenLower(Vector128.WidenLower(bytes.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> MultiplyAddPairs(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(a, b);
        Vector128<int> x = a.AsInt32();
        Vector128<int> y = b.AsInt32();
        return (((x << 16) >> 16) * ((y << 16) >> 16)) + ((x >> 16) * (y >> 16));
    }
}
