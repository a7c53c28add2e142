using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Rows of 16-bit integers times a power of two each: what <see cref="Int8Storage"/> multiplies its weights with.</summary>
internal static class IntegerRows
{
    private const int MaxMagnitude = short.MaxValue;

    // The least exponent of a factor: its reciprocal is still a finite float, and what is lost lies far below any other rounding.
    private const int MinExponent = -112;

    /// <summary>Floats from one row to the next: pairs of integers, in whole vectors of every width.</summary>
    public static int Stride(int depth) => checked(depth + 15) / 16 * 8;

    /// <summary>The largest magnitude for which sums over so many products with 8-bit weights stay within 32 bits; at most 16 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are so many products that nothing is left.</exception>
    public static int Limit(int depth)
    {
        int limit = (int)Math.Min(MaxMagnitude, int.MaxValue / ((long)Int8Storage.MaxMagnitude * Math.Max(depth, 1)));
        return limit > 0 ? limit : throw new ArgumentOutOfRangeException(nameof(depth), depth, "Sums of so many 8-bit weights do not fit 32 bits.");
    }

    /// <summary>The least power of two with which integers up to the limit reach the magnitude; NaN for a magnitude that is not finite.</summary>
    public static double Factor(double magnitude, int limit)
    {
        if (!double.IsFinite(magnitude))
            return double.NaN;
        double quotient = magnitude / limit;
        int exponent = quotient == 0 ? MinExponent : Math.ILogB(quotient);
        if (Math.ScaleB(1, exponent) < quotient)
            exponent++;
        return Math.ScaleB(1, Math.Max(exponent, MinExponent));
    }
}

/// <inheritdoc cref="IntegerRows"/>
internal static unsafe class IntegerRows<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Rounds rows to nearest, ties to even.</summary>
    /// <param name="x">[rows, depth].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="depth">Columns.</param>
    /// <param name="y">Receives pairs of integers, [rows, <see cref="IntegerRows.Stride"/>], filled up with zeros to whole vectors of pairs.</param>
    /// <param name="yStride">Floats from one row of y to the next.</param>
    /// <param name="about">Receives what belongs to each row beside its integers.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Round(float* x, nint xStride, int rows, int depth, float* y, nint yStride, IntegerRow* about)
    {
        int limit = IntegerRows.Limit(depth);
        for (int row = 0; row < rows; row++)
        {
            double factor = IntegerRows.Factor(Magnitude(x + (row * xStride), depth), limit);
            int sum = Round(x + (row * xStride), depth, double.IsNaN(factor) ? 0 : (float)(1 / factor), (short*)(y + (row * yStride)));
            about[row] = new IntegerRow((float)factor, sum);
        }
    }

    // The largest magnitude; NaN where a value is NaN or infinite, which the sum of their differences with themselves tells.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Magnitude(float* x, int depth)
    {
        V largest = V.Zero, differences = V.Zero;
        int column = 0;
        for (; column <= depth - V.Width; column += V.Width)
        {
            V v = V.Load(x + column);
            largest = V.Max(V.Abs(v), largest);
            differences += v - v;
        }

        if (column < depth)
        {
            V v = V.LoadPartial(x + column, depth - column);
            largest = V.Max(V.Abs(v), largest);
            differences += v - v;
        }

        return V.MaxElement(largest) + V.Sum(differences);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Round(float* x, int depth, float reciprocal, short* y)
    {
        V factor = V.Broadcast(reciprocal);
        V sum = V.Zero;
        int column = 0;
        for (; column <= depth - V.Width; column += V.Width)
        {
            V integers = V.ConvertSingleToInt32(V.Round(V.Load(x + column) * factor));
            integers.StoreInt16(y + column);
            sum = V.AddInt32(sum, integers);
        }

        for (; column < depth || column % 2 == 1; column += V.Width)
        {
            V integers = V.ConvertSingleToInt32(V.Round(V.LoadPartial(x + column, depth - column) * factor));
            integers.StoreInt16(y + column);
            sum = V.AddInt32(sum, integers);
        }

        return V.SumInt32(sum);
    }
}
