using ILGPU;
using SeqInfer.Gpu.Kernels.Rows;

namespace SeqInfer.Gpu.Kernels.Attention;

/// <summary>The operands, where the result goes, and how much work there is.</summary>
internal readonly struct GroupAttentionArgs(AttentionOperands operands, Window output, int tilesOfSequence)
{
    public readonly AttentionOperands Operands = operands;

    public readonly Window Output = output;

    /// <summary>Tiles of queries of the longest sequence.</summary>
    public readonly int TilesOfSequence = tilesOfSequence;
}

/// <summary>
/// Attention, version 2: a group takes some queries of one sequence and head, 32 threads each, and passes once over the keys, 32 at a time in
/// shared memory. A thread scores one key of the tile and owns every 32nd column of the result; the softmax is taken on line, with the
/// largest score so far (Milakov and Gimelshein 2018). Tiles of keys begin at fixed places, so a row does not depend on its batch. The
/// queries are read before anything is written, so the result may replace them.
/// </summary>
internal static class GroupAttentionKernel
{
    /// <summary>The largest head that fits shared memory and the four columns of a thread.</summary>
    public const int MaxHeadSize = 4 * Width;

    /// <summary>Threads of a query, and keys of a tile.</summary>
    public const int Width = SharedLanes.Width;

    private const int MaxQueries = SharedLanes.MaxGroupSize / Width;

    // One more than a head keeps the 32 keys of a column in different banks
    private const int MaxPitch = MaxHeadSize + 1;

    public static void Run(GroupAttentionArgs args)
    {
        ArrayView<float> queries = SharedMemory.Allocate<float>(MaxQueries * MaxHeadSize);
        ArrayView<float> keys = SharedMemory.Allocate<float>(Width * MaxPitch);
        ArrayView<float> values = SharedMemory.Allocate<float>(Width * MaxHeadSize);
        ArrayView<float> scores = SharedMemory.Allocate<float>(SharedLanes.MaxGroupSize);
        int head = Grid.IdxY;
        int tileCount = args.TilesOfSequence * args.Operands.Queries.Count;
        for (int tile = Grid.IdxX; tile < tileCount; tile += Grid.DimX)
        {
            int sequence = tile / args.TilesOfSequence;
            int firstQuery = (tile - (sequence * args.TilesOfSequence)) * (Group.DimX / Width);
            Attend(args, sequence, firstQuery, head, queries, keys, values, scores);
        }
    }

    private static void Attend(
        GroupAttentionArgs args,
        int sequence,
        int firstQuery,
        int head,
        ArrayView<float> queries,
        ArrayView<float> keys,
        ArrayView<float> values,
        ArrayView<float> scores)
    {
        AttentionOperands operands = args.Operands;
        int start = head * operands.HeadSize;
        int keyColumn = head * operands.KeyStep;
        int queryStart = operands.Queries.Start(sequence);
        int queryCount = operands.Queries.End(sequence) - queryStart;
        if (firstQuery >= queryCount)
            return;
        int keyStart = operands.Keys.Start(sequence);
        int keyCount = operands.Keys.End(sequence) - keyStart;
        int prefixRows = operands.Prefix.RowCount(sequence);
        int queriesOfGroup = Group.DimX / Width;
        int lane = Group.IdxX & (Width - 1);
        int query = firstQuery + (Group.IdxX / Width);
        int lastQuery = IntrinsicMath.Min(firstQuery + queriesOfGroup, queryCount) - 1;
        bool writes = query < queryCount;
        int visible = prefixRows + operands.VisibleKeys(writes ? query : lastQuery, queryCount, keyCount);
        int mostVisible = prefixRows + operands.VisibleKeys(lastQuery, queryCount, keyCount);
        for (int i = Group.IdxX; i < queriesOfGroup * operands.HeadSize; i += Group.DimX)
        {
            int row = IntrinsicMath.Min(firstQuery + (i / operands.HeadSize), lastQuery);
            queries[i] = operands.Query[queryStart + row, start + (i % operands.HeadSize)];
        }

        int ownQuery = Group.IdxX / Width * operands.HeadSize;
        int ownScores = Group.IdxX - lane;
        float largest = float.NegativeInfinity;
        float sum = 0;
        Float4 output = default;
        for (int firstKey = 0; firstKey < mostVisible; firstKey += Width)
        {
            int keysOfTile = IntrinsicMath.Min(Width, mostVisible - firstKey);
            Load(operands, firstKey, keysOfTile, prefixRows, keyStart, keyColumn, keys, values);
            GpuGroup.Barrier();
            scores[Group.IdxX] = firstKey + lane < visible
                ? Score(operands, queries, ownQuery, keys, lane)
                : float.NegativeInfinity;
            GpuGroup.Barrier();
            float next = largest;
            for (int j = 0; j < keysOfTile; j++)
                next = GpuMath.LargerOrNaN(next, scores[ownScores + j]);
            float own = scores[Group.IdxX];
            GpuGroup.Barrier();

            // Nothing seen yet: all weights are 0, and minus infinity less itself is no number
            bool isEmpty = next == float.NegativeInfinity;
            scores[Group.IdxX] = isEmpty ? 0 : GpuMath.Exp(own - next);
            float kept = isEmpty ? 0 : GpuMath.Exp(largest - next);
            GpuGroup.Barrier();
            largest = next;
            sum *= kept;
            output = new Float4(output.X * kept, output.Y * kept, output.Z * kept, output.W * kept);
            float multiplicity = operands.Prefix.Multiplicity(sequence);
            for (int j = 0; j < keysOfTile; j++)
            {
                float weight = scores[ownScores + j];
                if (firstKey + j < prefixRows)
                    weight *= multiplicity;
                sum += weight;
                output = AddRow(output, weight, values, j * operands.HeadSize, lane, operands.HeadSize);
            }

            GpuGroup.Barrier();
        }

        if (writes)
            Store(args.Output, queryStart + query, start, lane, operands.HeadSize, output, sum == 0 ? 1 : sum);
        GpuGroup.Barrier();
    }

    private static void Load(
        AttentionOperands operands,
        int firstKey,
        int count,
        int prefixRows,
        int keyStart,
        int keyColumn,
        ArrayView<float> keys,
        ArrayView<float> values)
    {
        for (int i = Group.IdxX; i < count * operands.HeadSize; i += Group.DimX)
        {
            int row = i / operands.HeadSize;
            int column = i - (row * operands.HeadSize);
            int key = firstKey + row;
            bool isPrefix = key < prefixRows;
            int place = (row * (operands.HeadSize + 1)) + column;
            if (isPrefix)
            {
                keys[place] = operands.Prefix.Keys[key, keyColumn + column];
                values[i] = operands.Prefix.Values[key, keyColumn + column];
            }
            else
            {
                keys[place] = operands.Key[keyStart + key - prefixRows, keyColumn + column];
                values[i] = operands.Value[keyStart + key - prefixRows, keyColumn + column];
            }
        }
    }

    private static float Score(AttentionOperands operands, ArrayView<float> queries, int query, ArrayView<float> keys, int lane)
    {
        float dot = 0;
        int key = lane * (operands.HeadSize + 1);
        for (int c = 0; c < operands.HeadSize; c++)
            dot = GpuMath.Fma(queries[query + c], keys[key + c], dot);
        return operands.Scale * dot;
    }

    private static Float4 AddRow(Float4 sum, float weight, ArrayView<float> values, int row, int lane, int size)
    {
        if (lane < size)
            sum.X = GpuMath.Fma(weight, values[row + lane], sum.X);
        if (lane + Width < size)
            sum.Y = GpuMath.Fma(weight, values[row + lane + Width], sum.Y);
        if (lane + (2 * Width) < size)
            sum.Z = GpuMath.Fma(weight, values[row + lane + (2 * Width)], sum.Z);
        if (lane + (3 * Width) < size)
            sum.W = GpuMath.Fma(weight, values[row + lane + (3 * Width)], sum.W);
        return sum;
    }

    private static void Store(Window output, int row, int start, int lane, int size, Float4 sums, float divisor)
    {
        if (lane < size)
            output.Store(row, start + lane, sums.X / divisor);
        if (lane + Width < size)
            output.Store(row, start + lane + Width, sums.Y / divisor);
        if (lane + (2 * Width) < size)
            output.Store(row, start + lane + (2 * Width), sums.Z / divisor);
        if (lane + (3 * Width) < size)
            output.Store(row, start + lane + (3 * Width), sums.W / divisor);
    }
}
