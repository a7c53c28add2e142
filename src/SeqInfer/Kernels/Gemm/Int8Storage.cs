using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Weights rounded to -127 .. 127 times a factor for each unit, multiplied with 16-bit integers and added up in 32 bits.</summary>
/// <remarks>
/// <para>A step takes two k, each 16 bits of a lane. They hold two columns, Width apart: 256 times the weight of the even vector plus, from 1 to 255,
/// that of the odd vector behind it and 128. A shift gives the even column; the odd one is multiplied with everything around it, which
/// <see cref="IntegerSums{V}"/> takes off the finished sum. A last vector without a partner lies side by side, byte after byte.</para>
/// <para>Integers x leave no finished sum beyond 32 bits as long as they keep to <see cref="IntegerRows.Limit"/>. What is taken off may be larger, but
/// sums that wrap around come back. So sums are exact and their order does not matter.</para>
/// </remarks>
internal readonly unsafe struct Int8Storage : IWeightStorage
{
    /// <summary>The largest magnitude of a stored weight.</summary>
    public const int MaxMagnitude = 127;

    /// <summary>What the odd column of a pair is raised by, so that it is never negative.</summary>
    public const int Offset = 128;

    /// <summary>How far a shift takes the even column of a pair.</summary>
    public const int EvenShift = 8;

    public static int StepDepth => 2;

    public static bool IsInteger => true;

    /// <summary>
    /// To nearest, ties to even, in units of the largest magnitude over 127. A unit that holds a NaN or an infinity gets the factor NaN.
    /// </summary>
    public static float Round(Span<float> unit)
    {
        float magnitude = 0;
        foreach (float value in unit)
            magnitude = Math.Max(magnitude, Math.Abs(value));
        if (!float.IsFinite(magnitude))
        {
            unit.Clear();
            return float.NaN;
        }

        // Of a magnitude so small that the factor underflows nothing is left.
        float factor = (float)((double)magnitude / MaxMagnitude);
        foreach (ref float value in unit)
            value = factor == 0 ? 0 : (float)Math.Clamp(Math.Round((double)value / factor), -MaxMagnitude, MaxMagnitude);
        return factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowBytes<V>(int vectors)
        where V : unmanaged, ISimd<V> => vectors * V.Width * StepDepth;

    public static void StoreRow<V>(ReadOnlySpan<float> values, byte* row)
        where V : unmanaged, ISimd<V>
    {
        int vector = V.Width * StepDepth;
        int first = 0;
        for (; first < values.Length - vector; first += 2 * vector)
        {
            short* pairs = (short*)(row + first);
            for (int i = 0; i < vector; i++)
                pairs[i] = (short)(((int)values[first + i] << EvenShift) + (int)values[first + vector + i] + Offset);
        }

        for (; first < values.Length; first++)
            ((sbyte*)row)[first] = (sbyte)values[first];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(byte* row, int vector, int vectors)
        where V : unmanaged, ISimd<V>
    {
        if (vector == vectors - 1 && vectors % 2 == 1)
            return V.LoadInt8Pairs((sbyte*)row + (vector * V.Width * StepDepth));
        V pair = V.Load((float*)row + (vector / 2 * V.Width));
        return vector % 2 == 0 ? V.ShiftRightInt16(pair, EvenShift) : pair;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MultiplyAdd<V>(V x, V w, V sum)
        where V : unmanaged, ISimd<V> => V.MultiplyAddInt16(x, w, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct<V>(ref V sum, V x, V w)
        where V : unmanaged, ISimd<V> => sum = V.MultiplyAddInt16(x, w, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct<V>(ref V sum, float* x, V w)
        where V : unmanaged, ISimd<V> => sum = V.MultiplyAddInt16(V.Broadcast(x), w, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sum<V>(V a, V b, V c, V d)
        where V : unmanaged, ISimd<V> => V.AddInt32(V.AddInt32(a, b), V.AddInt32(c, d));
}
