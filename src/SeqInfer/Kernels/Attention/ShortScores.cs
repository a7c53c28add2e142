using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Attention;

/// <summary>Scores of query rows that see one to four vectors of keys: scaled, masked and compared in registers.</summary>
/// <remarks>
/// The same operations in the same order as <see cref="PanelProduct{V}"/> and <see cref="OnlineSoftmax{V}"/>, hence the same bits. A hidden key's
/// score is -infinity. Only the last vector is masked: the rows' keys end in it.
/// </remarks>
internal static unsafe class ShortScores<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Vectors of keys at most.</summary>
    public const int MaxVectors = 4;

    private const int KeyTile = AttentionKernel.KeyTile;

    /// <summary>Some rows against all their keys.</summary>
    /// <typeparam name="TVectors">Vectors of keys.</typeparam>
    /// <typeparam name="TRows">Rows: 1, 2 or 4.</typeparam>
    /// <param name="query">The first row.</param>
    /// <param name="stride">Elements between two rows.</param>
    /// <param name="rows">How many rows there are, up to TRows; absent ones repeat the last.</param>
    /// <param name="panels">The keys in the layout of <see cref="KeyPanels{V}"/>.</param>
    /// <param name="depth">Head size.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="visible">Keys that each row sees.</param>
    /// <param name="scores">[TRows, keys], rows <see cref="AttentionKernel.KeyTile"/> apart.</param>
    /// <param name="largest">One vector a row, whose largest lane is the row's maximum.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Run<TVectors, TRows>(
        float* query, nint stride, int rows, float* panels, int depth, float scale, int* visible, float* scores, float* largest)
        where TVectors : struct, ICount
        where TRows : struct, ICount
    {
        V a0 = V.Zero, b0 = V.Zero, c0 = V.Zero, d0 = V.Zero;
        V a1 = V.Zero, b1 = V.Zero, c1 = V.Zero, d1 = V.Zero;
        V a2 = V.Zero, b2 = V.Zero, c2 = V.Zero, d2 = V.Zero;
        V a3 = V.Zero, b3 = V.Zero, c3 = V.Zero, d3 = V.Zero;
        float* row1 = query + (TRows.Value > 1 ? stride : 0);
        float* row2 = query + (TRows.Value > 2 ? 2 * stride : 0);
        float* row3 = query + (TRows.Value > 2 ? (rows - 1) * stride : 0);
        float* second = panels + ((nint)Panel<V>.Width * depth);
        for (nint k = 0; k < depth; k++, panels += Panel<V>.Width)
        {
            V q0 = V.Broadcast(query + k), q1 = V.Broadcast(row1 + k), q2 = V.Broadcast(row2 + k), q3 = V.Broadcast(row3 + k);
            V x = V.Load(panels);
            V.AddProduct(ref a0, q0, x);
            if (TRows.Value > 1) V.AddProduct(ref b0, q1, x);
            if (TRows.Value > 2) V.AddProduct(ref c0, q2, x);
            if (TRows.Value > 2) V.AddProduct(ref d0, q3, x);
            if (TVectors.Value > 1)
            {
                x = V.Load(panels + V.Width);
                V.AddProduct(ref a1, q0, x);
                if (TRows.Value > 1) V.AddProduct(ref b1, q1, x);
                if (TRows.Value > 2) V.AddProduct(ref c1, q2, x);
                if (TRows.Value > 2) V.AddProduct(ref d1, q3, x);
            }

            if (TVectors.Value > 2)
            {
                x = V.Load(second);
                V.AddProduct(ref a2, q0, x);
                if (TRows.Value > 1) V.AddProduct(ref b2, q1, x);
                if (TRows.Value > 2) V.AddProduct(ref c2, q2, x);
                if (TRows.Value > 2) V.AddProduct(ref d2, q3, x);
            }

            if (TVectors.Value > 3)
            {
                x = V.Load(second + V.Width);
                V.AddProduct(ref a3, q0, x);
                if (TRows.Value > 1) V.AddProduct(ref b3, q1, x);
                if (TRows.Value > 2) V.AddProduct(ref c3, q2, x);
                if (TRows.Value > 2) V.AddProduct(ref d3, q3, x);
            }

            if (TVectors.Value > 2) second += Panel<V>.Width;
        }

        V factor = V.Broadcast(scale);
        Finish<TVectors>(a0, a1, a2, a3, factor, visible[0], scores, largest);
        if (TRows.Value > 1) Finish<TVectors>(b0, b1, b2, b3, factor, visible[1], scores + KeyTile, largest + V.Width);
        if (TRows.Value > 2) Finish<TVectors>(c0, c1, c2, c3, factor, visible[2], scores + (2 * KeyTile), largest + (2 * V.Width));
        if (TRows.Value > 2) Finish<TVectors>(d0, d1, d2, d3, factor, visible[3], scores + (3 * KeyTile), largest + (3 * V.Width));
    }

    /// <summary>Eight rows against one vector of keys, where four would wait for their multiply-adds.</summary>
    /// <param name="query">The first row.</param>
    /// <param name="stride">Elements between two rows.</param>
    /// <param name="rows">Rows, 5 to 8; absent ones repeat the last.</param>
    /// <param name="panel">The keys in the layout of <see cref="KeyPanels{V}"/>.</param>
    /// <param name="depth">Head size.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="visible">Keys that each of the first four rows sees.</param>
    /// <param name="nextVisible">The others'.</param>
    /// <param name="scores">[4, keys] of the first four rows, rows <see cref="AttentionKernel.KeyTile"/> apart.</param>
    /// <param name="nextScores">The others'.</param>
    /// <param name="largest">One vector a row, whose largest lane is the row's maximum.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Eight(
        float* query, nint stride, int rows, float* panel, int depth, float scale, int* visible, int* nextVisible, float* scores, float* nextScores,
        float* largest)
    {
        V a = V.Zero, b = V.Zero, c = V.Zero, d = V.Zero, e = V.Zero, f = V.Zero, g = V.Zero, h = V.Zero;
        nint stride3 = 3 * stride;
        float* row4 = query + (4 * stride);
        float* row5 = query + (Math.Min(5, rows - 1) * stride);
        float* row6 = query + (Math.Min(6, rows - 1) * stride);
        float* row7 = query + ((rows - 1) * stride);
        for (nint k = 0; k < depth; k++, query++, panel += Panel<V>.Width)
        {
            V x = V.Load(panel);
            V.AddProduct(ref a, query, x);
            V.AddProduct(ref b, query + stride, x);
            V.AddProduct(ref c, query + (2 * stride), x);
            V.AddProduct(ref d, query + stride3, x);
            V.AddProduct(ref e, row4 + k, x);
            V.AddProduct(ref f, row5 + k, x);
            V.AddProduct(ref g, row6 + k, x);
            V.AddProduct(ref h, row7 + k, x);
        }

        V factor = V.Broadcast(scale);
        Finish<Count1>(a, a, a, a, factor, visible[0], scores, largest);
        Finish<Count1>(b, b, b, b, factor, visible[1], scores + KeyTile, largest + V.Width);
        Finish<Count1>(c, c, c, c, factor, visible[2], scores + (2 * KeyTile), largest + (2 * V.Width));
        Finish<Count1>(d, d, d, d, factor, visible[3], scores + (3 * KeyTile), largest + (3 * V.Width));
        largest += 4 * V.Width;
        Finish<Count1>(e, e, e, e, factor, nextVisible[0], nextScores, largest);
        Finish<Count1>(f, f, f, f, factor, nextVisible[1], nextScores + KeyTile, largest + V.Width);
        Finish<Count1>(g, g, g, g, factor, nextVisible[2], nextScores + (2 * KeyTile), largest + (2 * V.Width));
        Finish<Count1>(h, h, h, h, factor, nextVisible[3], nextScores + (3 * KeyTile), largest + (3 * V.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TVectors>(V x0, V x1, V x2, V x3, V factor, int visible, float* scores, float* largest)
        where TVectors : struct, ICount
    {
        V hidden = V.Broadcast(float.NegativeInfinity);
        V mask = V.FirstLanes(visible - ((TVectors.Value - 1) * V.Width));
        x0 *= factor;
        if (TVectors.Value == 1) x0 = V.Select(mask, x0, hidden);
        x0.Store(scores);
        V most = V.Max(x0, hidden);
        if (TVectors.Value > 1)
        {
            x1 *= factor;
            if (TVectors.Value == 2) x1 = V.Select(mask, x1, hidden);
            x1.Store(scores + V.Width);
            most = V.Max(x1, most);
        }

        if (TVectors.Value > 2)
        {
            x2 *= factor;
            if (TVectors.Value == 3) x2 = V.Select(mask, x2, hidden);
            x2.Store(scores + (2 * V.Width));
            most = V.Max(x2, most);
        }

        if (TVectors.Value > 3)
        {
            x3 = V.Select(mask, x3 * factor, hidden);
            x3.Store(scores + (3 * V.Width));
            most = V.Max(x3, most);
        }

        most.Store(largest);
    }
}
