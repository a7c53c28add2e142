namespace SeqInfer.Devices.Cpu.Threading;

/// <summary>Cuts lists of very different lengths into shares of nearly equal work, none of which divides a list.</summary>
/// <param name="offsets">lists + 1 offsets of the lists' entries.</param>
/// <param name="lists">Number of lists.</param>
/// <param name="perList">Work of a list beside its entries, in entries.</param>
/// <param name="most">Shares at most.</param>
internal readonly unsafe struct SharePlan(int* offsets, int lists, int perList, int most = JobBoard.MaxChunks)
{
    /// <summary>Shares that a job hands out.</summary>
    public int Count => Math.Min(lists, most);

    /// <summary>The first list of a share; of <see cref="Count"/>, the number of lists.</summary>
    public int First(int share)
    {
        if (share == 0)
            return 0;
        if (share == Count)
            return lists;
        long goal = WorkBefore(lists) * share / Count;
        int low = 0;
        int high = lists;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (WorkBefore(middle) < goal)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private long WorkBefore(int list) => offsets[list] - offsets[0] + ((long)list * perList);
}
