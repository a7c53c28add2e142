using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>The products of one to eight coded queries with a panel of coded items.</summary>
internal static unsafe class CodeTile<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Rows of the tallest tile that keeps its sums in registers.</summary>
    public static int MaxRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SimdRegisters.Count<V>() == 32 ? 8 : 4;
    }

    /// <summary>Row r's 2 * Width integers go to output + r * 2 * Width.</summary>
    /// <param name="count">Queries: 1 .. <see cref="MaxRows"/>.</param>
    /// <param name="codes">The first query's codes.</param>
    /// <param name="starts">One integer a query, where its sums start.</param>
    /// <param name="panel">The panel's codes.</param>
    /// <param name="groups">Floats of four codes in a query, an even number.</param>
    /// <param name="output">Receives the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int count, float* codes, float* starts, float* panel, int groups, float* output)
    {
        switch (count)
        {
            case 1: Run<Count1>(codes, starts, panel, groups, output); break;
            case 2: Run<Count2>(codes, starts, panel, groups, output); break;
            case 3: Run<Count3>(codes, starts, panel, groups, output); break;
            case 4: Run<Count4>(codes, starts, panel, groups, output); break;
            case 5: Run<Count5>(codes, starts, panel, groups, output); break;
            case 6: Run<Count6>(codes, starts, panel, groups, output); break;
            case 7: Run<Count7>(codes, starts, panel, groups, output); break;
            default: Run<Count8>(codes, starts, panel, groups, output); break;
        }
    }

    [MethodImpl(Kernel.Compiled)]
    private static void Run<TRows>(float* row, float* starts, float* panel, int groups, float* output)
        where TRows : struct, ICount
    {
        V a0 = V.Broadcast(starts);
        V b0 = TRows.Value > 1 ? V.Broadcast(starts + 1) : default;
        V c0 = TRows.Value > 2 ? V.Broadcast(starts + 2) : default;
        V d0 = TRows.Value > 3 ? V.Broadcast(starts + 3) : default;
        V e0 = TRows.Value > 4 ? V.Broadcast(starts + 4) : default;
        V f0 = TRows.Value > 5 ? V.Broadcast(starts + 5) : default;
        V g0 = TRows.Value > 6 ? V.Broadcast(starts + 6) : default;
        V h0 = TRows.Value > 7 ? V.Broadcast(starts + 7) : default;
        V a1 = a0, b1 = b0, c1 = c0, d1 = d0, e1 = e0, f1 = f0, g1 = g0, h1 = h0;
        nint stride = groups;
        float* row3 = row + (3 * stride);
        float* row6 = row3 + (3 * stride);
        for (; groups > 0; groups -= 2)
        {
            V x0 = V.Load(panel);
            V x1 = V.Load(panel + V.Width);
            V y0 = V.Load(panel + (2 * V.Width));
            V y1 = V.Load(panel + (3 * V.Width));
            panel += 4 * V.Width;
            Add(row, x0, x1, y0, y1, ref a0, ref a1);
            if (TRows.Value > 1) Add(row + stride, x0, x1, y0, y1, ref b0, ref b1);
            if (TRows.Value > 2) Add(row + (2 * stride), x0, x1, y0, y1, ref c0, ref c1);
            if (TRows.Value > 3) Add(row3, x0, x1, y0, y1, ref d0, ref d1);
            if (TRows.Value > 4) Add(row3 + stride, x0, x1, y0, y1, ref e0, ref e1);
            if (TRows.Value > 5) Add(row3 + (2 * stride), x0, x1, y0, y1, ref f0, ref f1);
            if (TRows.Value > 6) Add(row6, x0, x1, y0, y1, ref g0, ref g1);
            if (TRows.Value > 7) Add(row6 + stride, x0, x1, y0, y1, ref h0, ref h1);
            row += 2;
            if (TRows.Value > 3) row3 += 2;
            if (TRows.Value > 6) row6 += 2;
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
    private static void Add(float* row, V x0, V x1, V y0, V y1, ref V first, ref V second)
    {
        V p = V.Broadcast(row);
        V q = V.Broadcast(row + 1);
        first = V.AddByteProducts(x0, p, y0, q, first);
        second = V.AddByteProducts(x1, p, y1, q, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V first, V second, float* output, int row)
    {
        first.Store(output + (row * 2 * V.Width));
        second.Store(output + (((row * 2) + 1) * V.Width));
    }
}
