using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Weights rounded to -127 .. 127 times a factor for each unit, multiplied with 16-bit integers and added up in 32 bits.</summary>
/// <remarks>
/// A step takes two k: a lane's two bytes belong to one column. Integers x leave no sum beyond 32 bits as long as they keep to
/// <see cref="IntegerRows.Limit"/>, so sums are exact and their order does not matter.
/// </remarks>
internal readonly unsafe struct Int8Storage : IWeightStorage
{
    /// <summary>The largest magnitude of a stored weight.</summary>
    public const int MaxMagnitude = 127;

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
        for (int i = 0; i < values.Length; i++)
            ((sbyte*)row)[i] = (sbyte)values[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(byte* row, int vector, int vectors)
        where V : unmanaged, ISimd<V> => V.LoadInt8Pairs((sbyte*)row + (vector * V.Width * StepDepth));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MultiplyAdd<V>(V x, V w, V sum)
        where V : unmanaged, ISimd<V> => V.MultiplyAddInt16(x, w, sum);
}
