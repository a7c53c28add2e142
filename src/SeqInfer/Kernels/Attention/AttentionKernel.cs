using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Attention;

/// <summary>Sizes that do not depend on the vector width.</summary>
internal static class AttentionKernel
{
    /// <summary>Query rows that are computed together.</summary>
    public const int TileRows = 4;

    /// <summary>Keys whose scores are held at once. Tiles start at multiples of it, so a row's arithmetic depends on its keys alone.</summary>
    public const int KeyTile = 256;
}

/// <summary>
/// softmax(scale * q K^T + mask) V for one head of one sequence: a few query rows at a time against tiles of keys, with the softmax
/// continued from tile to tile, so that the scores stay in the first-level cache whatever the length.
/// </summary>
/// <remarks>A row's result, bit for bit, depends on its query, the prefix and the keys and values it sees; on nothing else.</remarks>
internal static unsafe class AttentionKernel<V>
    where V : unmanaged, ISimd<V>
{
    private const int TileRows = AttentionKernel.TileRows;
    private const int KeyTile = AttentionKernel.KeyTile;

    // Scores, then one vector a row
    private static int LanesEnd => (TileRows * KeyTile) + (ShortAttention<V>.MaxRows * V.Width);

    /// <summary>Floats of scratch for a head, the key panels not counted.</summary>
    public static long ScratchFor(int headSize) => LanesEnd + (TileRows * (long)SumStride(headSize));

    /// <summary>Computes all query rows. <paramref name="scratch"/> is aligned to a cache line. The output may be the query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in AttentionHead head, float* scratch)
    {
        int rows;
        for (int first = 0; first < head.QueryCount; first += rows)
        {
            rows = ShortAttention<V>.CountRows(head, first);
            if (rows > 0)
            {
                ShortAttention<V>.Run(head, first, rows, scratch);
                continue;
            }

            rows = Math.Min(TileRows, head.QueryCount - first);
            if (head.PrefixCount == 0 && head.VisibleKeys(first + rows - 1) <= KeyTile)
                RunWholeTile(head, first, rows, scratch);
            else
                RunTile(head, first, rows, scratch);
        }
    }

    // All keys that the rows see fit into a tile: the weighted sums go from registers to the output
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunWholeTile(in AttentionHead head, int first, int rows, float* scores)
    {
        RowState state = default;
        for (int r = 0; r < TileRows; r++)
        {
            state.Max[r] = float.NegativeInfinity;
            state.Visible[r] = head.VisibleKeys(first + Math.Min(r, rows - 1));
        }

        Score(head, first, rows, head.KeyPanels == null ? head.Key : head.KeyPanels, head.KeyStride, scores, &state);
        OnlineSoftmax<V>.Continue(scores, rows, head.Scale, 1, &state, scores + (TileRows * KeyTile));
        float* output = head.Output + (first * head.OutputStride);
        WeightedSum<V>.ToOutput(scores, head.Value, head.ValueStride, head.HeadSize, output, head.OutputStride, rows, &state);
    }

    private static int SumStride(int headSize) => (headSize + V.Width - 1) / V.Width * V.Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunTile(in AttentionHead head, int first, int rows, float* scratch)
    {
        int sumStride = SumStride(head.HeadSize);
        float* sums = scratch + LanesEnd;
        for (int c = 0; c < TileRows * sumStride; c += V.Width) V.Zero.Store(sums + c);
        RowState state = default;
        for (int r = 0; r < TileRows; r++) state.Max[r] = float.NegativeInfinity;

        nint panelTile = (nint)KeyTile * head.HeadSize;
        for (int start = 0; start < head.PrefixCount; start += KeyTile)
        {
            for (int r = 0; r < TileRows; r++) state.Visible[r] = Math.Min(KeyTile, head.PrefixCount - start);
            float* panels = head.KeyPanels == null ? head.PrefixKey + (start * head.PrefixKeyStride) : head.PrefixPanels + (start / KeyTile * panelTile);
            float* values = head.PrefixValue + (start * head.PrefixValueStride);
            AddKeys(head, first, rows, panels, head.PrefixKeyStride, values, head.PrefixValueStride, head.PrefixMultiplicity, scratch, sums, &state);
        }

        int visible = head.VisibleKeys(first + rows - 1);
        for (int start = 0; start < visible; start += KeyTile)
        {
            for (int r = 0; r < TileRows; r++)
                state.Visible[r] = Math.Clamp(head.VisibleKeys(first + Math.Min(r, rows - 1)) - start, 0, KeyTile);
            float* panels = head.KeyPanels == null ? head.Key + (start * head.KeyStride) : head.KeyPanels + (start / KeyTile * panelTile);
            AddKeys(head, first, rows, panels, head.KeyStride, head.Value + (start * head.ValueStride), head.ValueStride, 1, scratch, sums, &state);
        }

        for (int r = 0; r < rows; r++)
            Normalize(sums + (r * sumStride), state.Sum[r], head.Output + ((first + r) * head.OutputStride), head.HeadSize);
    }

    /// <summary>Takes a tile of keys into the softmax and the sums of a tile of queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddKeys(
        in AttentionHead head, int first, int rows, float* keys, nint keyStride, float* values, nint valueStride, float multiplicity,
        float* scores, float* sums, RowState* state)
    {
        Score(head, first, rows, keys, keyStride, scores, state);
        OnlineSoftmax<V>.Continue(scores, rows, head.Scale, multiplicity, state, scores + (TileRows * KeyTile));

        if (rows == 1) WeightedSum<V>.One(scores, values, valueStride, head.HeadSize, sums, state);
        else WeightedSum<V>.Four(scores, values, valueStride, head.HeadSize, sums, SumStride(head.HeadSize), state);
    }

    private static void Score(in AttentionHead head, int first, int rows, float* keys, nint keyStride, float* scores, RowState* state)
    {
        float* query = head.Query + (first * head.QueryStride);
        int most = state->Visible[TileRows - 1];
        if (head.KeyPanels == null) RowScores<V>.Run(query, head.QueryStride, rows, keys, keyStride, most, head.HeadSize, scores);
        else if (rows == 1) ScoreOne(query, keys, head.HeadSize, state->Visible[0], scores);
        else ScoreFour(query, head.QueryStride, rows, keys, head.HeadSize, most, scores);
    }

    // Absent rows repeat the last one: their scores are computed and never looked at
    private static void ScoreFour(float* query, nint stride, int rows, float* panels, int headSize, int visible, float* scores)
    {
        float* row2 = query + (Math.Min(2, rows - 1) * stride);
        float* row3 = query + ((rows - 1) * stride);
        int j = 0;
        for (; j < visible - V.Width; j += Panel<V>.Width, panels += (nint)Panel<V>.Width * headSize)
            PanelProduct<V>.Four(query, query + stride, row2, row3, panels, headSize, scores + j, KeyTile);
        if (j < visible)
            PanelProduct<V>.FourHalf(query, query + stride, row2, row3, panels, headSize, scores + j, KeyTile);
    }

    private static void ScoreOne(float* query, float* panels, int headSize, int visible, float* scores)
    {
        nint panelSize = (nint)Panel<V>.Width * headSize;
        int j = 0;
        for (; j < visible - Panel<V>.Width; j += 2 * Panel<V>.Width, panels += 2 * panelSize)
            PanelProduct<V>.OneByTwo(query, panels, headSize, scores + j);
        if (j < visible)
            PanelProduct<V>.One(query, panels, headSize, scores + j);
    }

    // The largest score alone adds 1 to the sum: it is 0 only where no key is seen, or none with a score above -infinity
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Normalize(float* sums, float sum, float* output, int headSize)
    {
        if (sum == 0)
        {
            new Span<float>(output, headSize).Clear();
            return;
        }

        V factor = V.Broadcast(1 / sum);
        int c = 0;
        for (; c <= headSize - V.Width; c += V.Width) (V.Load(sums + c) * factor).Store(output + c);
        if (c < headSize) (V.Load(sums + c) * factor).StorePartial(output + c, headSize - c);
    }
}
