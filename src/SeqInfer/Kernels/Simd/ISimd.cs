namespace SeqInfer.Kernels.Simd;

/// <summary>
/// A vector of <see cref="Width"/> fp32 lanes. Kernels take it as their one struct type parameter
/// (<c>where V : unmanaged, ISimd&lt;V&gt;</c>), so that the JIT compiles each kernel once per instruction set with every
/// member inlined to the bare instruction.
/// </summary>
/// <remarks>
/// <para>Every operation but <see cref="Sum"/>, <see cref="MaxElement"/> and <see cref="MinElement"/> acts lane by lane and gives the
/// same bits at every width: a lane's result never depends on the width nor on its neighbours.</para>
/// <para>Masks are vectors whose lanes are all ones or all zeros. Members named <c>Int32</c> read or write the lanes as
/// two's complement integers.</para>
/// <para>"Partial" members touch the first <c>count</c> elements only, 0 &lt;= count &lt;= Width, and never the memory behind them.</para>
/// </remarks>
internal unsafe interface ISimd<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>The number of fp32 lanes.</summary>
    static abstract int Width { get; }

    /// <summary>Whether this process runs the type on instructions rather than in software.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>The instruction set as kernel names spell it: avx512, avx2, vector128 or scalar.</summary>
    static abstract string Name { get; }

    /// <summary>All lanes +0.</summary>
    static abstract V Zero { get; }

    /// <summary>Loads Width floats; no alignment is needed.</summary>
    static abstract V Load(float* p);

    /// <summary>Loads the first <paramref name="count"/> floats; the other lanes are +0.</summary>
    static abstract V LoadPartial(float* p, int count);

    /// <summary>Copies one value to all lanes.</summary>
    static abstract V Broadcast(float value);

    /// <summary>Copies one float in memory to all lanes.</summary>
    static abstract V Broadcast(float* p);

    /// <summary>Copies one 32-bit pattern to all lanes.</summary>
    static abstract V BroadcastInt32(int bits);

    /// <summary>Loads Width bfloat16 values and widens them, which is exact.</summary>
    static abstract V LoadBf16(ushort* p);

    /// <summary>Loads the first <paramref name="count"/> bfloat16 values and widens them; the other lanes are +0.</summary>
    static abstract V LoadBf16Partial(ushort* p, int count);

    /// <summary>Loads Width halves and widens them: exact, denormals, infinities and NaN included.</summary>
    static abstract V LoadF16(Half* p);

    /// <summary>Loads the first <paramref name="count"/> halves and widens them; the other lanes are +0.</summary>
    static abstract V LoadF16Partial(Half* p, int count);

    /// <summary>Loads Width signed bytes and converts them to fp32, which is exact.</summary>
    static abstract V LoadInt8(sbyte* p);

    /// <summary>Loads the first <paramref name="count"/> signed bytes and converts them to fp32; the other lanes are +0.</summary>
    static abstract V LoadInt8Partial(sbyte* p, int count);

    /// <summary>Loads 2 * Width signed bytes as 16-bit integers, two a lane, the first in the lower half.</summary>
    static abstract V LoadInt8Pairs(sbyte* p);

    /// <summary>Stores all lanes; no alignment is needed.</summary>
    void Store(float* p);

    /// <summary>Stores the first <paramref name="count"/> lanes.</summary>
    void StorePartial(float* p, int count);

    /// <summary>Stores the lower 16 bits of each lane, side by side.</summary>
    void StoreInt16(short* p);

    static abstract V operator +(V a, V b);

    static abstract V operator -(V a, V b);

    static abstract V operator *(V a, V b);

    static abstract V operator /(V a, V b);

    /// <summary>
    /// <c>a / b</c> within 2 ulp for b in 1..2^126 or NaN: where there is an estimate of the reciprocal good enough to be refined once, that is
    /// several times as fast as a division.
    /// </summary>
    static abstract V Quotient(V a, V b);

    /// <summary>Flips the sign bit, of zeros and NaN too.</summary>
    static abstract V operator -(V a);

    /// <summary>Bitwise and.</summary>
    static abstract V operator &(V a, V b);

    /// <summary>Bitwise or.</summary>
    static abstract V operator |(V a, V b);

    /// <summary>Bitwise exclusive or.</summary>
    static abstract V operator ^(V a, V b);

    /// <summary><c>a * b + c</c>, rounded once at every width.</summary>
    static abstract V Fma(V a, V b, V c);

    /// <summary>Adds <c>x * w</c> to a sum, rounded once. In place, since only so the JIT leaves the sum in its register.</summary>
    static abstract void AddProduct(ref V sum, V x, V w);

    /// <summary>
    /// Adds <c>w</c> times one float in memory to a sum, rounded once. So the broadcast is part of the
    /// instruction.
    /// </summary>
    static abstract void AddProduct(ref V sum, float* x, V w);

    /// <summary><c>c - a * b</c>, rounded once at every width.</summary>
    static abstract V Fnma(V a, V b, V c);

    /// <summary><c>a &lt; b ? a : b</c>: if either is NaN, or both are zeros, the result is <paramref name="b"/>.</summary>
    static abstract V Min(V a, V b);

    /// <summary><c>a &gt; b ? a : b</c>: if either is NaN, or both are zeros, the result is <paramref name="b"/>.</summary>
    static abstract V Max(V a, V b);

    static abstract V Sqrt(V a);

    /// <summary>Clears the sign bit.</summary>
    static abstract V Abs(V a);

    /// <summary>Rounds to the nearest integer, ties to even.</summary>
    static abstract V Round(V a);

    /// <summary>Mask of <c>a &lt; b</c>; false for NaN.</summary>
    static abstract V LessThan(V a, V b);

    /// <summary>Mask of <c>a &lt;= b</c>; false for NaN.</summary>
    static abstract V LessThanOrEqual(V a, V b);

    /// <summary>Mask of <c>a &gt; b</c>; false for NaN.</summary>
    static abstract V GreaterThan(V a, V b);

    /// <summary>Mask of <c>a &gt;= b</c>; false for NaN.</summary>
    static abstract V GreaterThanOrEqual(V a, V b);

    /// <summary>Mask of <c>a == b</c>; false for NaN.</summary>
    static abstract V Equal(V a, V b);

    /// <summary>Mask of the lanes that are NaN.</summary>
    static abstract V IsNaN(V a);

    /// <summary>Mask of the lanes 0..count-1.</summary>
    static abstract V FirstLanes(int count);

    /// <summary>The lanes of <paramref name="a"/> where <paramref name="mask"/> is set, else those of <paramref name="b"/>.</summary>
    static abstract V Select(V mask, V a, V b);

    /// <summary>One bit a lane of a mask, lane 0 in bit 0.</summary>
    static abstract uint MoveMask(V mask);

    /// <summary>One bit a lane, lane 0 in bit 0: whether <c>a &gt;= b</c>; 0 for NaN.</summary>
    static abstract uint GreaterThanOrEqualBits(V a, V b);

    /// <summary>Whether any lane of a mask is set.</summary>
    static abstract bool Any(V mask);

    /// <summary>
    /// <c>x * 2^n</c> rounded once, gradual underflow and overflow to infinity included, for integral n in [-252, 254] and
    /// |x| in [0.5, 2). A NaN in x gives NaN, whatever n is.
    /// </summary>
    static abstract V ScaleByPow2(V x, V n);

    /// <summary>Integer sum of the lanes' bits, wrapping.</summary>
    static abstract V AddInt32(V a, V b);

    /// <summary>Integer difference of the lanes' bits, wrapping.</summary>
    static abstract V SubtractInt32(V a, V b);

    /// <summary>
    /// <c>c + a.lower * b.lower + a.upper * b.upper</c> in integers, where a and b hold two 16-bit integers a lane and c one of 32 bits; wrapping.
    /// Unspecified if all four halves are -32768.
    /// </summary>
    static abstract V MultiplyAddInt16(V a, V b, V c);

    /// <summary>Shifts each lane's bits left.</summary>
    static abstract V ShiftLeftInt32(V a, int bits);

    /// <summary>Shifts each lane's bits right, copying the sign.</summary>
    static abstract V ShiftRightInt32(V a, int bits);

    /// <summary>Shifts each lane's two 16-bit integers right, copying their signs.</summary>
    static abstract V ShiftRightInt16(V a, int bits);

    /// <summary>Mask of <c>a &gt; b</c> as signed integers.</summary>
    static abstract V GreaterThanInt32(V a, V b);

    /// <summary>The lanes' bits, read as integers, as fp32 rounded to nearest.</summary>
    static abstract V ConvertInt32ToSingle(V a);

    /// <summary>Integers as lane bits, from integral fp32 values of magnitude below 2^31; anything else gives unspecified bits.</summary>
    static abstract V ConvertSingleToInt32(V a);

    /// <summary>
    /// Each lane's integer plus the sum of eight products of bytes: those of <paramref name="a0"/> and <paramref name="a1"/>, unsigned and at
    /// most 127, times those of <paramref name="b0"/> and <paramref name="b1"/>, signed and of magnitude at most 64. Exact: the four products
    /// that are added in 16 bits where the instruction set has nothing wider fit them.
    /// </summary>
    static abstract V AddByteProducts(V a0, V b0, V a1, V b1, V sum);

    /// <summary>The sum of the lanes. The order is fixed: halves are added together until one lane is left.</summary>
    static abstract float Sum(V a);

    /// <summary>Integer sum over all lanes, wrapping.</summary>
    static abstract int SumInt32(V a);

    /// <summary>The sums of four vectors, each the same bits as <see cref="Sum"/>, in half as many operations.</summary>
    static abstract void SumFour(V a, V b, V c, V d, float* sums);

    /// <summary>The largest lane; unspecified if a lane is NaN.</summary>
    static abstract float MaxElement(V a);

    /// <summary>The largest lanes of four vectors, each the same bits as <see cref="MaxElement"/>.</summary>
    static abstract void MaxFour(V a, V b, V c, V d, float* largest);

    /// <summary>The smallest lane; unspecified if a lane is NaN.</summary>
    static abstract float MinElement(V a);
}
