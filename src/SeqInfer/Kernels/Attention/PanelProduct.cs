using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Attention;

/// <summary>
/// Scores of a few rows against the vectors of a panel. Lanes run over the panel's vectors, so every score is one chain of
/// multiply-adds over k = 0, 1, ...: the same bits in every tile shape and at every lane.
/// </summary>
/// <remarks>
/// Eight accumulators (four rows by two vectors of lanes) cover the latency of the multiply-add and leave room in sixteen registers.
/// A single row takes two panels at once for the same reason.
/// </remarks>
internal static unsafe class PanelProduct<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Four rows against a whole panel; row r's 2 * Width scores go to output + r * stride. Rows may coincide.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Four(float* row0, float* row1, float* row2, float* row3, float* panel, int depth, float* output, nint stride)
    {
        V a0 = V.Zero, a1 = V.Zero, b0 = V.Zero, b1 = V.Zero, c0 = V.Zero, c1 = V.Zero, d0 = V.Zero, d1 = V.Zero;
        for (nint k = 0; k < depth; k++)
        {
            V x0 = V.Load(panel);
            V x1 = V.Load(panel + V.Width);
            V q = V.Broadcast(row0 + k);
            a0 = V.Fma(q, x0, a0);
            a1 = V.Fma(q, x1, a1);
            q = V.Broadcast(row1 + k);
            b0 = V.Fma(q, x0, b0);
            b1 = V.Fma(q, x1, b1);
            q = V.Broadcast(row2 + k);
            c0 = V.Fma(q, x0, c0);
            c1 = V.Fma(q, x1, c1);
            q = V.Broadcast(row3 + k);
            d0 = V.Fma(q, x0, d0);
            d1 = V.Fma(q, x1, d1);
            panel += 2 * V.Width;
        }

        Store(a0, a1, output);
        Store(b0, b1, output + stride);
        Store(c0, c1, output + (2 * stride));
        Store(d0, d1, output + (3 * stride));
    }

    /// <summary>Four rows against the first Width vectors of a panel.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void FourHalf(float* row0, float* row1, float* row2, float* row3, float* panel, int depth, float* output, nint stride)
    {
        V a = V.Zero, b = V.Zero, c = V.Zero, d = V.Zero;
        for (nint k = 0; k < depth; k++)
        {
            V x = V.Load(panel);
            a = V.Fma(V.Broadcast(row0 + k), x, a);
            b = V.Fma(V.Broadcast(row1 + k), x, b);
            c = V.Fma(V.Broadcast(row2 + k), x, c);
            d = V.Fma(V.Broadcast(row3 + k), x, d);
            panel += 2 * V.Width;
        }

        a.Store(output);
        b.Store(output + stride);
        c.Store(output + (2 * stride));
        d.Store(output + (3 * stride));
    }

    /// <summary>One row against two neighbouring panels: 4 * Width scores.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void OneByTwo(float* row, float* panel, int depth, float* output)
    {
        V a0 = V.Zero, a1 = V.Zero, b0 = V.Zero, b1 = V.Zero;
        float* second = panel + (2 * (nint)V.Width * depth);
        for (nint k = 0; k < depth; k++)
        {
            V q = V.Broadcast(row + k);
            a0 = V.Fma(q, V.Load(panel), a0);
            a1 = V.Fma(q, V.Load(panel + V.Width), a1);
            b0 = V.Fma(q, V.Load(second), b0);
            b1 = V.Fma(q, V.Load(second + V.Width), b1);
            panel += 2 * V.Width;
            second += 2 * V.Width;
        }

        Store(a0, a1, output);
        Store(b0, b1, output + (2 * V.Width));
    }

    /// <summary>One row against a whole panel: 2 * Width scores.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void One(float* row, float* panel, int depth, float* output)
    {
        V a0 = V.Zero, a1 = V.Zero;
        for (nint k = 0; k < depth; k++)
        {
            V q = V.Broadcast(row + k);
            a0 = V.Fma(q, V.Load(panel), a0);
            a1 = V.Fma(q, V.Load(panel + V.Width), a1);
            panel += 2 * V.Width;
        }

        Store(a0, a1, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V first, V second, float* output)
    {
        first.Store(output);
        second.Store(output + V.Width);
    }
}
