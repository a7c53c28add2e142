using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Attention;

/// <summary>Attention of up to sixteen query rows whose keys end in the same one of the first four vectors.</summary>
/// <remarks>
/// Each step is taken for all rows before the next one: a maximum, an exponential and a sum depend on each other, and one tile of four
/// rows alone leaves the processor waiting between them.
/// </remarks>
internal static unsafe class ShortAttention<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Rows at most.</summary>
    public const int MaxRows = MaxTiles * TileRows;

    private const int TileRows = AttentionKernel.TileRows;
    private const int KeyTile = AttentionKernel.KeyTile;
    private const int MaxTiles = 4;

    // Where the scores of a tile stand in the rows of the block's
    private const int TileStep = KeyTile / MaxTiles;

    /// <summary>How many rows from <paramref name="first"/> on may be computed together; 0 where this is not the way, or a single row.</summary>
    public static int CountRows(in AttentionHead head, int first)
    {
        if (SimdRegisters.Count<V>() < 32 || head.KeyPanels == null || head.PrefixCount > 0)
            return 0;
        int visible = head.VisibleKeys(first);
        int vectors = (visible + V.Width - 1) / V.Width;
        if (vectors is 0 or > ShortScores<V>.MaxVectors)
            return 0;
        int rows = Math.Min(MaxRows, head.QueryCount - first);
        if (head.Causal) rows = Math.Min(rows, (vectors * V.Width) - visible + 1);
        return rows > 1 ? rows : 0;
    }

    /// <summary>Computes some rows.</summary>
    /// <param name="head">The head.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">As many as <see cref="CountRows"/> says.</param>
    /// <param name="scratch">Room for the scores of a tile of keys and one vector a row.</param>
    public static void Run(in AttentionHead head, int first, int rows, float* scratch)
    {
        switch ((head.VisibleKeys(first) + V.Width - 1) / V.Width)
        {
            case 1: Run<Count1>(head, first, rows, scratch); break;
            case 2: Run<Count2>(head, first, rows, scratch); break;
            case 3: Run<Count3>(head, first, rows, scratch); break;
            default: Run<Count4>(head, first, rows, scratch); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TVectors>(in AttentionHead head, int first, int rows, float* weights)
        where TVectors : struct, ICount
    {
        RowState* states = stackalloc RowState[MaxTiles];
        int tiles = (rows + TileRows - 1) / TileRows;
        for (int r = 0; r < tiles * TileRows; r++)
            states[r / TileRows].Visible[r % TileRows] = head.VisibleKeys(first + Math.Min(r, rows - 1));

        float* lanes = weights + (TileRows * KeyTile);
        float* query = head.Query + (first * head.QueryStride);
        Score<TVectors>(query, rows, head, states, weights, lanes);
        Largest(tiles, lanes, states);
        Weigh<TVectors>(rows, weights, lanes, states);
        Add(tiles, lanes, states);
        float* output = head.Output + (first * head.OutputStride);
        for (int t = 0; t < tiles; t++, output += TileRows * head.OutputStride)
        {
            WeightedSum<V>.ToOutput(
                weights + (t * TileStep), head.Value, head.ValueStride, head.HeadSize, output, head.OutputStride,
                Math.Min(TileRows, rows - (t * TileRows)), states + t);
        }
    }

    private static void Score<TVectors>(float* query, int rows, in AttentionHead head, RowState* states, float* scores, float* lanes)
        where TVectors : struct, ICount
    {
        while (rows > 0)
        {
            int tiles = 1;
            if (TVectors.Value == 1 && rows > TileRows)
            {
                tiles = 2;
                ShortScores<V>.Eight(
                    query, head.QueryStride, Math.Min(2 * TileRows, rows), head.KeyPanels, head.HeadSize, head.Scale, states[0].Visible,
                    states[1].Visible, scores, scores + TileStep, lanes);
            }
            else if (rows > 2)
            {
                Score<TVectors, Count4>(query, Math.Min(TileRows, rows), head, states, scores, lanes);
            }
            else if (rows == 2)
            {
                Score<TVectors, Count2>(query, rows, head, states, scores, lanes);
            }
            else
            {
                Score<TVectors, Count1>(query, rows, head, states, scores, lanes);
            }

            rows -= tiles * TileRows;
            query += tiles * TileRows * head.QueryStride;
            states += tiles;
            scores += tiles * TileStep;
            lanes += tiles * TileRows * V.Width;
        }
    }

    private static void Score<TVectors, TRows>(float* query, int rows, in AttentionHead head, RowState* states, float* scores, float* lanes)
        where TVectors : struct, ICount
        where TRows : struct, ICount => ShortScores<V>.Run<TVectors, TRows>(
            query, head.QueryStride, rows, head.KeyPanels, head.HeadSize, head.Scale, states->Visible, scores, lanes);

    [MethodImpl(Kernel.Compiled)]
    private static void Largest(int tiles, float* lanes, RowState* states)
    {
        for (; tiles > 0; tiles--, states++, lanes += 4 * V.Width)
            V.MaxFour(V.Load(lanes), V.Load(lanes + V.Width), V.Load(lanes + (2 * V.Width)), V.Load(lanes + (3 * V.Width)), states->Max);
    }

    [MethodImpl(Kernel.Compiled)]
    private static void Add(int tiles, float* lanes, RowState* states)
    {
        for (; tiles > 0; tiles--, states++, lanes += 4 * V.Width)
            V.SumFour(V.Load(lanes), V.Load(lanes + V.Width), V.Load(lanes + (2 * V.Width)), V.Load(lanes + (3 * V.Width)), states->Sum);
    }

    // A hidden key's weight is 0
    [MethodImpl(Kernel.Compiled)]
    private static void Weigh<TVectors>(int rows, float* weights, float* lanes, RowState* states)
        where TVectors : struct, ICount
    {
        for (; rows > 0; rows -= TileRows, states++, weights += TileStep)
        {
            float* row = weights;
            for (int r = 0; r < Math.Min(TileRows, rows); r++, row += KeyTile, lanes += V.Width)
            {
                float max = states->Max[r];
                V shift = V.Broadcast(max == float.NegativeInfinity ? 0 : max);
                V sum = V.Zero;
                for (nint j = 0; j < TVectors.Value * V.Width; j += V.Width)
                {
                    V weight = VectorMath.ExpNonPositive(V.Load(row + j) - shift);
                    weight.Store(row + j);
                    sum += weight;
                }

                sum.Store(lanes);
            }
        }
    }
}
