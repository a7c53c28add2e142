using ILGPU;
using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Rows;

namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>The operands of aggregation by groups.</summary>
internal readonly struct GroupAggregateArgs<TEdges>(
    QuadColumns input, TEdges edges, NodeOrder order, AggregateKind kind, int laneShift, QuadColumns output)
    where TEdges : struct, IEdges
{
    public readonly QuadColumns Input = input;

    public readonly TEdges Edges = edges;

    public readonly NodeOrder Order = order;

    public readonly AggregateKind Kind = kind;

    /// <summary>The logarithm of the threads a node has: as many as there are quads of columns, 32 at most.</summary>
    public readonly int LaneShift = laneShift;

    public readonly QuadColumns Output = output;
}

/// <summary>
/// Aggregation, version 2: a team of up to 32 neighbouring threads a node, four columns each by 16-byte loads, four rows under way at once. A
/// heavy node is shared by the teams of a group, a block of edges each, whose results are added in the order of all versions; a group then
/// has sixteen columns, so that several groups work on one such node.
/// </summary>
internal static class GroupAggregateKernel<TEdges>
    where TEdges : struct, IEdges
{
    /// <summary>The logarithm of the threads of a team that shares a node: 16 columns are two sectors of memory.</summary>
    public const int SharedLaneShift = 2;

    public static void Run(GroupAggregateArgs<TEdges> args)
    {
        ArrayView<Float4> blocks = SharedMemory.Allocate<Float4>(SharedLanes.MaxGroupSize);
        if (args.Kind == AggregateKind.Max)
            Run<MaxReduction>(args, blocks);
        else
            Run<SumReduction>(args, blocks);
    }

    private static void Run<TReduction>(GroupAggregateArgs<TEdges> args, ArrayView<Float4> blocks)
        where TReduction : struct, IReduction
    {
        NodeOrder order = args.Order;
        int parts = (args.Input.ColumnCount + (4 << SharedLaneShift) - 1) / (4 << SharedLaneShift);
        int heavyUnits = order.HeavyCount * parts;
        int nodesOfGroup = Group.DimX >> args.LaneShift;
        int units = heavyUnits + ((order.Count - order.HeavyCount + nodesOfGroup - 1) / nodesOfGroup);
        for (int unit = Grid.IdxX; unit < units; unit += Grid.DimX)
        {
            if (unit < heavyUnits)
                Share<TReduction>(args, order.At(unit / parts), unit % parts, blocks);
            else
                Tile<TReduction>(args, order.HeavyCount + ((unit - heavyUnits) * nodesOfGroup), nodesOfGroup, parts, blocks);
        }
    }

    private static void Tile<TReduction>(GroupAggregateArgs<TEdges> args, int firstPlace, int count, int parts, ArrayView<Float4> blocks)
        where TReduction : struct, IReduction
    {
        int place = firstPlace + (Group.IdxX >> args.LaneShift);
        if (place < args.Order.Count)
            Alone<TReduction>(args, args.Order.At(place), Group.IdxX & ((1 << args.LaneShift) - 1));
        if (args.Order.MayMeetHeavy == 0)
            return;
        int end = IntrinsicMath.Min(firstPlace + count, args.Order.Count);
        for (int i = firstPlace; i < end; i++)
        {
            int node = args.Order.At(i);
            if (args.Edges.End(node) - args.Edges.Start(node) > EdgeBlocks.HeavyDegree)
            {
                for (int part = 0; part < parts; part++)
                    Share<TReduction>(args, node, part, blocks);
            }
        }
    }

    /// <summary>A team's node, unless it is heavy.</summary>
    private static void Alone<TReduction>(GroupAggregateArgs<TEdges> args, int node, int lane)
        where TReduction : struct, IReduction
    {
        int start = args.Edges.Start(node);
        int end = args.Edges.End(node);
        if (end - start > EdgeBlocks.HeavyDegree)
            return;
        for (int column = 4 * lane; column < args.Input.ColumnCount; column += 4 << args.LaneShift)
        {
            Float4 result = EdgeBlocks<TReduction>.Begin4();
            for (int first = start; first < end; first += EdgeBlocks.Size)
            {
                int endOfBlock = IntrinsicMath.Min(first + EdgeBlocks.Size, end);
                result = EdgeBlocks<TReduction>.Merge4(
                    result, EdgeBlocks<TReduction>.Block(args.Input, args.Edges, first, endOfBlock, column));
            }

            Store(args, node, column, result, end - start);
        }
    }

    /// <summary>One piece of a node's row by the whole group.</summary>
    private static void Share<TReduction>(GroupAggregateArgs<TEdges> args, int node, int part, ArrayView<Float4> blocks)
        where TReduction : struct, IReduction
    {
        int lane = Group.IdxX & ((1 << SharedLaneShift) - 1);
        int team = Group.IdxX >> SharedLaneShift;
        int teams = Group.DimX >> SharedLaneShift;
        int column = 4 * ((part << SharedLaneShift) + lane);
        bool isInside = column < args.Input.ColumnCount;
        int start = args.Edges.Start(node);
        int end = args.Edges.End(node);
        Float4 result = EdgeBlocks<TReduction>.Begin4();
        for (int first = start; first < end; first += teams * EdgeBlocks.Size)
        {
            int own = first + (team * EdgeBlocks.Size);
            if (isInside && own < end)
            {
                int endOfBlock = IntrinsicMath.Min(own + EdgeBlocks.Size, end);
                blocks[Group.IdxX] = EdgeBlocks<TReduction>.Block(args.Input, args.Edges, own, endOfBlock, column);
            }

            GpuGroup.Barrier();
            if (isInside && team == 0)
            {
                for (int t = 0; t < teams && first + (t * EdgeBlocks.Size) < end; t++)
                    result = EdgeBlocks<TReduction>.Merge4(result, blocks[(t << SharedLaneShift) + lane]);
            }

            GpuGroup.Barrier();
        }

        if (isInside && team == 0)
            Store(args, node, column, result, end - start);
    }

    private static void Store(GroupAggregateArgs<TEdges> args, int node, int column, Float4 result, int degree)
    {
        Float4 quotient = result;
        if (args.Kind == AggregateKind.Mean)
            quotient = new Float4(result.X / degree, result.Y / degree, result.Z / degree, result.W / degree);
        args.Output.Store(node, column, degree > 0 ? quotient : default);
    }
}
