using ILGPU;

namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>
/// The order in which edges are taken by all versions: blocks of neighbouring edges one after the other inside, and the results of blocks in
/// order. So who takes how many blocks of a node changes no bit.
/// </summary>
internal static class EdgeBlocks<TReduction>
    where TReduction : struct, IReduction
{
    /// <summary>What a result begins with, for four columns.</summary>
    public static Float4 Begin4() => new(
        default(TReduction).Begin, default(TReduction).Begin, default(TReduction).Begin, default(TReduction).Begin);

    /// <summary>One block more, for four columns.</summary>
    public static Float4 Merge4(Float4 result, Float4 block) => new(
        default(TReduction).Merge(result.X, block.X),
        default(TReduction).Merge(result.Y, block.Y),
        default(TReduction).Merge(result.Z, block.Z),
        default(TReduction).Merge(result.W, block.W));

    /// <summary>All blocks, for one column.</summary>
    public static float Column<TEdges>(Window input, TEdges edges, int start, int end, int column)
        where TEdges : struct, IEdges
    {
        float result = default(TReduction).Begin;
        for (int first = start; first < end; first += EdgeBlocks.Size)
        {
            float block = default(TReduction).Begin;
            int endOfBlock = IntrinsicMath.Min(first + EdgeBlocks.Size, end);
            for (int e = first; e < endOfBlock; e++)
                block = default(TReduction).Add(block, edges.Weight(e), input[edges.Row(e), column]);
            result = default(TReduction).Merge(result, block);
        }

        return result;
    }

    /// <summary>A block of edges for four columns, four rows under way at once.</summary>
    public static Float4 Block<TEdges>(QuadColumns input, TEdges edges, int first, int end, int column)
        where TEdges : struct, IEdges
    {
        Float4 result = Begin4();
        int e = first;
        for (; e + 4 <= end; e += 4)
        {
            Float4 x0 = input.Load(edges.Row(e), column);
            Float4 x1 = input.Load(edges.Row(e + 1), column);
            Float4 x2 = input.Load(edges.Row(e + 2), column);
            Float4 x3 = input.Load(edges.Row(e + 3), column);
            result = Add4(result, edges.Weight(e), x0);
            result = Add4(result, edges.Weight(e + 1), x1);
            result = Add4(result, edges.Weight(e + 2), x2);
            result = Add4(result, edges.Weight(e + 3), x3);
        }

        for (; e < end; e++)
            result = Add4(result, edges.Weight(e), input.Load(edges.Row(e), column));
        return result;
    }

    private static Float4 Add4(Float4 result, float weight, Float4 x) => new(
        default(TReduction).Add(result.X, weight, x.X),
        default(TReduction).Add(result.Y, weight, x.Y),
        default(TReduction).Add(result.Z, weight, x.Z),
        default(TReduction).Add(result.W, weight, x.W));
}

/// <summary>Sizes that all versions share.</summary>
internal static class EdgeBlocks
{
    /// <summary>Edges of a block.</summary>
    public const int Size = 32;

    /// <summary>A node with more edges is shared by all threads of a group.</summary>
    public const int HeavyDegree = 256;
}
