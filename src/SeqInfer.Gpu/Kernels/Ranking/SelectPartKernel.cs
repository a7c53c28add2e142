using ILGPU;

namespace SeqInfer.Gpu.Kernels.Ranking;

/// <summary>Scores, how many to select of each part of a row, and where the selected ids go.</summary>
internal readonly struct SelectPartArgs(Window scores, int rowCount, int itemCount, int partCount, int k, ArrayView<int> candidates)
{
    public readonly Window Scores = scores;

    public readonly int RowCount = rowCount;

    public readonly int ItemCount = itemCount;

    public readonly int PartCount = partCount;

    public readonly int K = k;

    public readonly ArrayView<int> Candidates = candidates;
}

/// <summary>
/// First stage of a selection from many items: a group a part of a row lists the k best of it in any order, -1 where there are fewer. The k best of a row
/// are among those of its parts, and keys are distinct, so the second stage finds the same as one over all items.
/// </summary>
internal static class SelectPartKernel
{
    public static void Run(SelectPartArgs args)
    {
        ArrayView<int> counts = SharedMemory.Allocate<int>(RadixSelect.CountsSize);
        ArrayView<int> control = SharedMemory.Allocate<int>(RadixSelect.ControlSize);
        int itemsOfPart = (args.ItemCount + args.PartCount - 1) / args.PartCount;
        for (int unit = Grid.IdxX; unit < args.RowCount * args.PartCount; unit += Grid.DimX)
        {
            int row = unit / args.PartCount;
            int first = (unit - (row * args.PartCount)) * itemsOfPart;
            int count = IntrinsicMath.Max(IntrinsicMath.Min(itemsOfPart, args.ItemCount - first), 0);
            SelectItems items = new(args.Scores, row, first, count, args.Candidates, 0);
            ulong threshold = RadixSelect.Threshold(items, args.K, counts, control);
            long start = (long)unit * args.K;
            int selected = RadixSelect.Collect(items, threshold, args.Candidates, start, counts);
            for (int i = selected + Group.IdxX; i < args.K; i += Group.DimX)
                args.Candidates[start + i] = -1;
            GpuGroup.Barrier();
        }
    }
}
