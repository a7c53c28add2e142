using ILGPU;
using SeqInfer.Gpu.Kernels.Rows;

namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>The operands of graph attention by groups.</summary>
internal readonly struct GroupGraphAttentionArgs(
    QuadColumns input, GraphAttentionOperands operands, NodeOrder order, int headShift, QuadColumns output)
{
    public readonly QuadColumns Input = input;

    public readonly GraphAttentionOperands Operands = operands;

    public readonly NodeOrder Order = order;

    /// <summary>The logarithm of the heads of a pass.</summary>
    public readonly int HeadShift = headShift;

    public readonly QuadColumns Output = output;
}

/// <summary>
/// Graph attention, version 2: 32 neighbouring threads a node, or the whole group for a heavy one. Of a block of edges the threads first take
/// the weights, each of one head, and leave them in shared memory; then each adds up four columns by 16-byte loads. A second dimension of the
/// grid has the passes over heads and columns, as many heads at once as the threads have quads of columns.
/// </summary>
internal static class GroupGraphAttentionKernel
{
    /// <summary>The logarithm of the most heads of a pass.</summary>
    public const int MaxHeadShift = 3;

    /// <summary>Threads of a node.</summary>
    public const int Width = SharedLanes.Width;

    private const int Quad = 4;

    public static void Run(GroupGraphAttentionArgs args)
    {
        ArrayView<float> weights = SharedMemory.Allocate<float>(SharedLanes.MaxGroupSize << MaxHeadShift);
        ArrayView<float> sums = SharedMemory.Allocate<float>(SharedLanes.MaxGroupSize);
        ArrayView<Float4> blocks = SharedMemory.Allocate<Float4>(SharedLanes.MaxGroupSize);
        NodeOrder order = args.Order;
        int nodesOfGroup = Group.DimX / Width;
        int units = order.HeavyCount + ((order.Count - order.HeavyCount + nodesOfGroup - 1) / nodesOfGroup);
        for (int unit = Grid.IdxX; unit < units; unit += Grid.DimX)
        {
            if (unit < order.HeavyCount)
            {
                Attend(args, unit, 1, Group.DimX, weights, sums, blocks);
                continue;
            }

            int place = order.HeavyCount + ((unit - order.HeavyCount) * nodesOfGroup);
            Attend(args, place, nodesOfGroup, Width, weights, sums, blocks);
            if (order.MayMeetHeavy == 0)
                continue;
            for (int i = place; i < IntrinsicMath.Min(place + nodesOfGroup, order.Count); i++)
            {
                if (Degree(args, i) > EdgeBlocks.HeavyDegree)
                    Attend(args, i, 1, Group.DimX, weights, sums, blocks);
            }
        }
    }

    private static int Degree(GroupGraphAttentionArgs args, int place)
    {
        int node = args.Order.At(place);
        return args.Operands.Neighbours.End(node) - args.Operands.Neighbours.Start(node);
    }

    /// <summary>Nodes that stand side by side in the order, each by some threads; alone they are skipped where they are heavy.</summary>
    private static void Attend(
        GroupGraphAttentionArgs args,
        int firstPlace,
        int count,
        int width,
        ArrayView<float> weights,
        ArrayView<float> sums,
        ArrayView<Float4> blocks)
    {
        int place = firstPlace + (Group.IdxX / width);
        int lane = Group.IdxX & (width - 1);
        int longest = 0;
        for (int i = firstPlace; i < IntrinsicMath.Min(firstPlace + count, args.Order.Count); i++)
        {
            int degree = Degree(args, i);
            if (width > Width || degree <= EdgeBlocks.HeavyDegree)
                longest = IntrinsicMath.Max(longest, degree);
        }

        bool isInside = place < args.Order.Count && Degree(args, place) <= longest;
        int node = args.Order.At(isInside ? place : firstPlace);
        int start = isInside ? args.Operands.Neighbours.Start(node) : 0;
        int end = isInside ? args.Operands.Neighbours.End(node) : 0;

        int heads = 1 << args.HeadShift;
        int quadsOfHead = (args.Operands.HeadSize + Quad - 1) / Quad;
        int passesOfHeads = (quadsOfHead + Width - 1) / Width;
        int firstHead = Grid.IdxY / passesOfHeads * heads;
        int quad = (Grid.IdxY % passesOfHeads * Width) + (Group.IdxX & (Width - 1));

        // The head whose weights this thread takes, and the one whose columns it adds up
        int scored = firstHead + (lane & (heads - 1));
        bool isScored = isInside && scored < args.Operands.HeadCount;
        float own = isScored ? args.Operands.Own(node, scored) : 0;
        float largest = float.NegativeInfinity;
        for (int e = start + (lane >> args.HeadShift); isScored && e < end; e += width >> args.HeadShift)
            largest = GpuMath.LargerOrNaN(largest, args.Operands.Score(own, e, scored));
        largest = Largest(largest, lane, width, heads, sums);

        int headOfPass = quad / quadsOfHead;
        int head = firstHead + headOfPass;
        int column = (head * args.Operands.HeadSize) + (quad % quadsOfHead * Quad);
        bool adds = isInside && headOfPass < heads && head < args.Operands.HeadCount;
        QuadColumns input = args.Input.Until((head + 1) * args.Operands.HeadSize);
        int ownWeights = (Group.IdxX - (Group.IdxX & (Width - 1))) << args.HeadShift;
        int slots = width / Width;
        float sum = 0;
        Float4 result = default;
        for (int passed = 0; passed < longest; passed += slots * EdgeBlocks.Size)
        {
            int first = start + passed + (lane / Width * EdgeBlocks.Size);
            int endOfBlock = IntrinsicMath.Min(first + EdgeBlocks.Size, end);
            int step = Width >> args.HeadShift;
            for (int e = first + ((lane & (Width - 1)) >> args.HeadShift); isScored && e < endOfBlock; e += step)
            {
                weights[ownWeights + ((e - first) << args.HeadShift) + (lane & (heads - 1))] =
                    GpuMath.Exp(args.Operands.Score(own, e, scored) - largest);
            }

            GpuGroup.Barrier();
            if (adds && first < end)
            {
                EdgeWeights edges = new(args.Operands.Neighbours, weights, ownWeights + headOfPass, args.HeadShift, first);
                sums[Group.IdxX] = edges.Sum(endOfBlock);
                blocks[Group.IdxX] = EdgeBlocks<SumReduction>.Block(input, edges, first, endOfBlock, column);
            }

            GpuGroup.Barrier();
            if (adds && lane < Width)
            {
                for (int slot = 0; slot < slots && start + passed + (slot * EdgeBlocks.Size) < end; slot++)
                {
                    sum += sums[Group.IdxX + (slot * Width)];
                    result += blocks[Group.IdxX + (slot * Width)];
                }
            }
        }

        // All weights are of no number where no score is above minus infinity
        GpuGroup.Barrier();
        sums[Group.IdxX] = largest;
        GpuGroup.Barrier();
        if (adds && lane < Width)
        {
            float divisor = sums[Group.IdxX - lane + headOfPass];
            bool isEmpty = divisor == float.NegativeInfinity;
            args.Output.Until((head + 1) * args.Operands.HeadSize).Store(node, column, isEmpty
                ? default
                : new Float4(result.X / sum, result.Y / sum, result.Z / sum, result.W / sum));
        }

        GpuGroup.Barrier();
    }

    /// <summary>The largest over the threads of a node that have the same head, for all of them.</summary>
    private static float Largest(float value, int lane, int width, int heads, ArrayView<float> parts)
    {
        parts[Group.IdxX] = value;
        GpuGroup.Barrier();
        for (int distance = width / 2; distance >= heads; distance >>= 1)
        {
            if (lane < distance)
                parts[Group.IdxX] = GpuMath.LargerOrNaN(parts[Group.IdxX], parts[Group.IdxX + distance]);
            GpuGroup.Barrier();
        }

        float result = parts[Group.IdxX - lane + (lane & (heads - 1))];
        GpuGroup.Barrier();
        return result;
    }
}
