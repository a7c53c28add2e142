using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Panels;

/// <summary>
/// Scores of one to eight rows against a whole panel, as many as keep their accumulators in registers: the taller a tile, the fewer times its
/// end and the next one's beginning have to be paid for. Every score is the chain of <see cref="PanelProduct{V, TTerm}"/>.
/// </summary>
internal static unsafe class PanelTile<V, TTerm>
    where V : unmanaged, ISimd<V>
    where TTerm : struct, ITerm
{
    /// <summary>Rows of the tallest tile.</summary>
    public static int MaxRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SimdRegisters.Count<V>() == 32 ? 8 : 6;
    }

    /// <summary>Row r's 2 * Width scores go to output + r * 2 * Width.</summary>
    /// <param name="count">Rows: 1 .. <see cref="MaxRows"/>.</param>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="depth">Elements of a row.</param>
    /// <param name="ahead">
    /// Memory to ask for on the way, a little for each element: a burst of requests stalls the core once its fill buffers are taken.
    /// </param>
    /// <param name="aheadStep">How many floats of it for each element, at most 32.</param>
    /// <param name="output">Receives the scores.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int count, float* rows, nint stride, float* panel, int depth, float* ahead, int aheadStep, float* output)
    {
        switch (count)
        {
            case 1: Run<Count1>(rows, stride, panel, depth, ahead, aheadStep, output); break;
            case 2: Run<Count2>(rows, stride, panel, depth, ahead, aheadStep, output); break;
            case 3: Run<Count3>(rows, stride, panel, depth, ahead, aheadStep, output); break;
            case 4: Run<Count4>(rows, stride, panel, depth, ahead, aheadStep, output); break;
            case 5: Run<Count5>(rows, stride, panel, depth, ahead, aheadStep, output); break;
            case 6: Run<Count6>(rows, stride, panel, depth, ahead, aheadStep, output); break;
            case 7: Run<Count7>(rows, stride, panel, depth, ahead, aheadStep, output); break;
            default: Run<Count8>(rows, stride, panel, depth, ahead, aheadStep, output); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRows>(float* row, nint stride, float* panel, int depth, float* ahead, nint aheadStep, float* output)
        where TRows : struct, ICount
    {
        V a0 = V.Zero, a1 = V.Zero, b0 = V.Zero, b1 = V.Zero, c0 = V.Zero, c1 = V.Zero, d0 = V.Zero, d1 = V.Zero;
        V e0 = V.Zero, e1 = V.Zero, f0 = V.Zero, f1 = V.Zero, g0 = V.Zero, g1 = V.Zero, h0 = V.Zero, h1 = V.Zero;

        // One pointer for three rows: x86 adds once or twice the stride in the address
        float* row3 = row + (3 * stride);
        float* row6 = row3 + (3 * stride);
        for (; depth > 0; depth--)
        {
            V x0 = V.Load(panel);
            V x1 = V.Load(panel + V.Width);
            panel += 2 * V.Width;
            Prefetch.Line(ahead);
            if (V.Width == 16 && aheadStep > V.Width) Prefetch.Line(ahead + V.Width);
            ahead += aheadStep;
            V q = V.Broadcast(row);
            a0 = TTerm.Add(q, x0, a0);
            a1 = TTerm.Add(q, x1, a1);
            if (TRows.Value > 1)
            {
                q = V.Broadcast(row + stride);
                b0 = TTerm.Add(q, x0, b0);
                b1 = TTerm.Add(q, x1, b1);
            }

            if (TRows.Value > 2)
            {
                q = V.Broadcast(row + (2 * stride));
                c0 = TTerm.Add(q, x0, c0);
                c1 = TTerm.Add(q, x1, c1);
            }

            if (TRows.Value > 3)
            {
                q = V.Broadcast(row3);
                d0 = TTerm.Add(q, x0, d0);
                d1 = TTerm.Add(q, x1, d1);
            }

            if (TRows.Value > 4)
            {
                q = V.Broadcast(row3 + stride);
                e0 = TTerm.Add(q, x0, e0);
                e1 = TTerm.Add(q, x1, e1);
            }

            if (TRows.Value > 5)
            {
                q = V.Broadcast(row3 + (2 * stride));
                f0 = TTerm.Add(q, x0, f0);
                f1 = TTerm.Add(q, x1, f1);
            }

            if (TRows.Value > 6)
            {
                q = V.Broadcast(row6);
                g0 = TTerm.Add(q, x0, g0);
                g1 = TTerm.Add(q, x1, g1);
            }

            if (TRows.Value > 7)
            {
                q = V.Broadcast(row6 + stride);
                h0 = TTerm.Add(q, x0, h0);
                h1 = TTerm.Add(q, x1, h1);
            }

            row++;
            if (TRows.Value > 3) row3++;
            if (TRows.Value > 6) row6++;
        }

        Store(a0, a1, output, 0);
        if (TRows.Value > 1) Store(b0, b1, output, 1);
        if (TRows.Value > 2) Store(c0, c1, output, 2);
        if (TRows.Value > 3) Store(d0, d1, output, 3);
        if (TRows.Value > 4) Store(e0, e1, output, 4);
        if (TRows.Value > 5) Store(f0, f1, output, 5);
        if (TRows.Value > 6) Store(g0, g1, output, 6);
        if (TRows.Value > 7) Store(h0, h1, output, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V first, V second, float* output, int row)
    {
        first.Store(output + (row * 2 * V.Width));
        second.Store(output + (((row * 2) + 1) * V.Width));
    }
}
