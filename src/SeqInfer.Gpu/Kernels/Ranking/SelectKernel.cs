using ILGPU;

namespace SeqInfer.Gpu.Kernels.Ranking;

/// <summary>
/// Scores, among which ids to select (all items, or so many candidates of every row), how many, and where the result and the list of selected
/// ids go.
/// </summary>
internal readonly struct SelectArgs(
    Window scores,
    int rowCount,
    int itemCount,
    ArrayView<int> candidates,
    int candidateCount,
    int k,
    ArrayView<int> list,
    ArrayView<int> ids,
    Window best)
{
    public readonly Window Scores = scores;

    public readonly int RowCount = rowCount;

    public readonly int ItemCount = itemCount;

    /// <summary>Ids that groups of the first stage have selected.</summary>
    public readonly ArrayView<int> Candidates = candidates;

    /// <summary>Candidates of a row; 0 where there was no first stage.</summary>
    public readonly int CandidateCount = candidateCount;

    public readonly int K = k;

    public readonly ArrayView<int> List = list;

    public readonly ArrayView<int> Ids = ids;

    public readonly Window Best = best;
}

/// <summary>
/// The k best of every row, a group a row: the keys from the k-th largest on are collected, and each finds its rank by counting the larger ones.
/// </summary>
internal static class SelectKernel
{
    public static void Run(SelectArgs args)
    {
        ArrayView<int> counts = SharedMemory.Allocate<int>(RadixSelect.CountsSize);
        ArrayView<int> control = SharedMemory.Allocate<int>(RadixSelect.ControlSize);
        bool isSecond = args.CandidateCount > 0;
        int count = isSecond ? args.CandidateCount : args.ItemCount;
        for (int row = Grid.IdxX; row < args.RowCount; row += Grid.DimX)
        {
            SelectItems items = new(args.Scores, row, 0, count, args.Candidates, isSecond ? 1 : 0);
            ulong threshold = RadixSelect.Threshold(items, args.K, counts, control);
            int selected = RadixSelect.Collect(items, threshold, args.List, (long)row * args.K, counts);
            Order(args, items, row, selected);
            GpuGroup.Barrier();
        }
    }

    private static void Order(SelectArgs args, SelectItems items, int row, int count)
    {
        long first = (long)row * args.K;
        for (int i = Group.IdxX; i < count; i += Group.DimX)
        {
            int id = args.List[first + i];
            float score = args.Scores[row, id];
            ulong key = items.Key(id);
            int rank = 0;
            for (int j = 0; j < count; j++)
            {
                int other = args.List[first + j];
                if (items.Key(other) > key)
                    rank++;
            }

            args.Ids[first + rank] = id;
            args.Best.Store(row, rank, score);
        }

        for (int rank = count + Group.IdxX; rank < args.K; rank += Group.DimX)
        {
            args.Ids[first + rank] = -1;
            args.Best.Store(row, rank, float.NegativeInfinity);
        }
    }
}
