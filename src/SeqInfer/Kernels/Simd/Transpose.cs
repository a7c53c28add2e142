using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqInfer.Kernels.Simd;

/// <summary>Turns rows into the lanes of vectors.</summary>
/// <remarks>
/// Blocks of 4 x 4 in the 128-bit lanes of registers: one block at a time, or four below each other, one a lane, where there are 512 bits.
/// </remarks>
internal static unsafe class Transpose<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>
    /// Element c of row r goes to <c>target[c * targetStride + r]</c> for up to Width rows; the lanes of absent rows become zeros.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(float* rows, nint stride, int count, int columns, float* target, nint targetStride)
    {
        if (V.Width < 4)
        {
            for (int r = 0; r < V.Width; r++)
            {
                for (nint c = 0; c < columns; c++) target[(c * targetStride) + r] = r < count ? rows[(r * stride) + c] : 0;
            }

            return;
        }

        if (V.Width == 16 && Avx512F.IsSupported && count > 0)
        {
            int whole = columns & ~3;
            if (count == 16) Sixteen(rows, stride, whole, target, targetStride);
            else UpToSixteen(rows, stride, count, whole, target, targetStride);
            rows += whole;
            columns -= whole;
            target += whole * targetStride;
        }

        if (columns > 0) Fours(rows, stride, count, columns, target, targetStride);
    }

    /// <summary>
    /// Element c of each of Width rows goes to the row's lane of <c>target[c * targetStride]</c>. Rows may coincide.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(float** rows, int columns, float* target, nint targetStride)
    {
        if (V.Width < 4)
        {
            for (int r = 0; r < V.Width; r++)
            {
                for (nint c = 0; c < columns; c++) target[(c * targetStride) + r] = rows[r][c];
            }

            return;
        }

        int whole = 0;
        if (V.Width == 16 && Avx512F.IsSupported)
        {
            whole = columns & ~3;
            Sixteen(rows, Vector512<float>.AllBitsSet, whole, target, targetStride);
            target += whole * targetStride;
        }

        for (int r = 0; r < V.Width; r += 4)
        {
            Four(
                rows[r] + whole, rows[r + 1] + whole, rows[r + 2] + whole, rows[r + 3] + whole, 1, 1, 1, 1, columns - whole,
                target + r, targetStride);
        }
    }

    // Rows r, r + 4, r + 8 and r + 12 share a register, so that four blocks of 4 x 4 are turned at once and whole columns stored
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sixteen(float* row, nint stride, int columns, float* target, nint targetStride)
    {
        for (nint c = 0; c < columns; c += 4, row += 4, target += 4 * targetStride)
        {
            Vector512<float> a = Quarters(row, row + (4 * stride), row + (8 * stride), row + (12 * stride));
            Vector512<float> b = Quarters(row + stride, row + (5 * stride), row + (9 * stride), row + (13 * stride));
            Vector512<float> d = Quarters(row + (2 * stride), row + (6 * stride), row + (10 * stride), row + (14 * stride));
            Vector512<float> e = Quarters(row + (3 * stride), row + (7 * stride), row + (11 * stride), row + (15 * stride));
            StoreColumns(a, b, d, e, Vector512<float>.AllBitsSet, target, targetStride);
        }
    }

    // The last row stands in for absent ones, whose lanes are cleared. Not inlined: packing at load does without it.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void UpToSixteen(float* row, nint stride, int count, int columns, float* target, nint targetStride)
    {
        float** rows = stackalloc float*[16];
        for (int r = 0; r < 16; r++) rows[r] = row + (Math.Min(r, count - 1) * stride);
        Vector512<float> present = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
        Sixteen(rows, present, columns, target, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sixteen(float** rows, Vector512<float> present, int columns, float* target, nint targetStride)
    {
        for (nint c = 0; c < columns; c += 4, target += 4 * targetStride)
        {
            Vector512<float> a = Quarters(rows[0] + c, rows[4] + c, rows[8] + c, rows[12] + c);
            Vector512<float> b = Quarters(rows[1] + c, rows[5] + c, rows[9] + c, rows[13] + c);
            Vector512<float> d = Quarters(rows[2] + c, rows[6] + c, rows[10] + c, rows[14] + c);
            Vector512<float> e = Quarters(rows[3] + c, rows[7] + c, rows[11] + c, rows[15] + c);
            StoreColumns(a, b, d, e, present, target, targetStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumns(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, Vector512<float> present, float* target, nint stride)
    {
        Vector512<double> low01 = Avx512F.UnpackLow(a, b).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(c, d).AsDouble();
        Vector512<double> high01 = Avx512F.UnpackHigh(a, b).AsDouble();
        Vector512<double> high23 = Avx512F.UnpackHigh(c, d).AsDouble();
        (Avx512F.UnpackLow(low01, low23).AsSingle() & present).Store(target);
        (Avx512F.UnpackHigh(low01, low23).AsSingle() & present).Store(target + stride);
        (Avx512F.UnpackLow(high01, high23).AsSingle() & present).Store(target + (2 * stride));
        (Avx512F.UnpackHigh(high01, high23).AsSingle() & present).Store(target + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(float* p0, float* p1, float* p2, float* p3)
    {
        Vector512<float> x = Vector128.Load(p0).ToVector256Unsafe().ToVector512Unsafe();
        x = Avx512F.InsertVector128(x, Vector128.Load(p1), 1);
        x = Avx512F.InsertVector128(x, Vector128.Load(p2), 2);
        return Avx512F.InsertVector128(x, Vector128.Load(p3), 3);
    }

    // Not inlined: packing at load does without it where there are 512 bits.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Fours(float* rows, nint stride, int count, int columns, float* target, nint targetStride)
    {
        for (int r = 0; r < V.Width; r += 4)
            FourRows(rows + (r * stride), stride, Math.Clamp(count - r, 0, 4), columns, target + r, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRows(float* row, nint stride, int count, int columns, float* target, nint targetStride)
    {
        // Absent rows read zeros of stride 0
        Vector128<float> zeros = Vector128<float>.Zero;
        float* zero = (float*)&zeros;
        float* row0 = count > 0 ? row : zero;
        float* row1 = count > 1 ? row + stride : zero;
        float* row2 = count > 2 ? row + (2 * stride) : zero;
        float* row3 = count > 3 ? row + (3 * stride) : zero;
        nint step0 = count > 0 ? 1 : 0;
        nint step1 = count > 1 ? 1 : 0;
        nint step2 = count > 2 ? 1 : 0;
        nint step3 = count > 3 ? 1 : 0;
        Four(row0, row1, row2, row3, step0, step1, step2, step3, columns, target, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(
        float* row0,
        float* row1,
        float* row2,
        float* row3,
        nint step0,
        nint step1,
        nint step2,
        nint step3,
        int columns,
        float* target,
        nint targetStride)
    {
        nint c = 0;
        for (; c <= columns - 4; c += 4, target += 4 * targetStride)
        {
            Vector128<float> a = Vector128.Load(row0 + (c * step0));
            Vector128<float> b = Vector128.Load(row1 + (c * step1));
            Vector128<float> d = Vector128.Load(row2 + (c * step2));
            Vector128<float> e = Vector128.Load(row3 + (c * step3));
            Vector128<float> low01 = Lanes128.ZipLow(a, b);
            Vector128<float> low23 = Lanes128.ZipLow(d, e);
            Vector128<float> high01 = Lanes128.ZipHigh(a, b);
            Vector128<float> high23 = Lanes128.ZipHigh(d, e);
            Lanes128.PairsLow(low01, low23).Store(target);
            Lanes128.PairsHigh(low01, low23).Store(target + targetStride);
            Lanes128.PairsLow(high01, high23).Store(target + (2 * targetStride));
            Lanes128.PairsHigh(high01, high23).Store(target + (3 * targetStride));
        }

        for (; c < columns; c++, target += targetStride)
            Vector128.Create(row0[c * step0], row1[c * step1], row2[c * step2], row3[c * step3]).Store(target);
    }
}
