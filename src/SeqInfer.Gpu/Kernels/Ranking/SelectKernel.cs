using ILGPU;
using SeqInfer.Gpu.Kernels.Rows;

namespace SeqInfer.Gpu.Kernels.Ranking;

/// <summary>Scores, how many to select, and where the result and the list of selected ids go.</summary>
internal readonly struct SelectArgs(Window scores, int rowCount, int itemCount, int k, ArrayView<int> list, ArrayView<int> ids, Window best)
{
    public readonly Window Scores = scores;

    public readonly int RowCount = rowCount;

    public readonly int ItemCount = itemCount;

    public readonly int K = k;

    public readonly ArrayView<int> List = list;

    public readonly ArrayView<int> Ids = ids;

    public readonly Window Best = best;
}

/// <summary>
/// The k best of every row: a group a row, whose size is a power of two. The k-th largest key is found four bits at a time: each thread
/// counts its own items per digit in a column of shared memory of its own, and the columns are added up. The keys from it on are collected at
/// places that a scan of the counts gives, and each finds its rank by counting the larger ones. No atomics, which OpenCL devices offer in
/// different forms; and keys are distinct, so the order of threads has no influence.
/// </summary>
internal static class SelectKernel
{
    private const int DigitBits = 4;
    private const int DigitCount = 1 << DigitBits;
    private const int KeyBits = 64;
    private const int Digit = 0;
    private const int Wanted = 1;
    private const int Held = 2;
    private const int ControlCount = 4;

    public static void Run(SelectArgs args)
    {
        ArrayView<int> counts = SharedMemory.Allocate<int>(DigitCount * SharedLanes.MaxGroupSize);
        ArrayView<int> control = SharedMemory.Allocate<int>(ControlCount);
        for (int row = Grid.IdxX; row < args.RowCount; row += Grid.DimX)
        {
            ulong threshold = FindThreshold(args, row, counts, control);
            int count = Collect(args, row, threshold, counts);
            Order(args, row, count);
            GpuGroup.Barrier();
        }
    }

    /// <summary>The k-th largest key, or a key below all items where there are fewer.</summary>
    private static ulong FindThreshold(SelectArgs args, int row, ArrayView<int> counts, ArrayView<int> control)
    {
        ulong prefix = 0;
        int wanted = args.K;
        for (int shift = KeyBits - DigitBits; shift >= 0; shift -= DigitBits)
        {
            CountDigits(args, row, prefix, shift, counts);
            if (Group.IdxX == 0)
                ChooseDigit(wanted, counts, control);
            GpuGroup.Barrier();
            int digit = control[Digit];
            int held = control[Held];
            wanted = control[Wanted];
            GpuGroup.Barrier();
            if (digit < 0)
                return RankKey.None + 1;
            prefix |= (ulong)digit << shift;
            if (held == wanted)
                return prefix;
        }

        return prefix;
    }

    /// <summary>Counts the keys that begin with the digits chosen so far, by their next digit; the totals are in the first column.</summary>
    private static void CountDigits(SelectArgs args, int row, ulong prefix, int shift, ArrayView<int> counts)
    {
        int width = Group.DimX;
        for (int digit = 0; digit < DigitCount; digit++)
            counts[(digit * width) + Group.IdxX] = 0;
        for (int id = Group.IdxX; id < args.ItemCount; id += width)
        {
            ulong key = RankKey.Of(args.Scores[row, id], id);

            // Nothing stands above the first digit, and a shift by all bits would be one by none
            bool matches = shift == KeyBits - DigitBits || (key >> (shift + DigitBits)) == (prefix >> (shift + DigitBits));
            if (key != RankKey.None && matches)
                counts[(((int)(key >> shift) & (DigitCount - 1)) * width) + Group.IdxX] += 1;
        }

        GpuGroup.Barrier();
        for (int distance = width / 2; distance > 0; distance >>= 1)
        {
            if (Group.IdxX < distance)
            {
                for (int digit = 0; digit < DigitCount; digit++)
                    counts[(digit * width) + Group.IdxX] += counts[(digit * width) + Group.IdxX + distance];
            }

            GpuGroup.Barrier();
        }
    }

    private static void ChooseDigit(int wanted, ArrayView<int> counts, ArrayView<int> control)
    {
        int above = 0;
        int digit = DigitCount - 1;
        while (digit >= 0 && above + counts[digit * Group.DimX] < wanted)
        {
            above += counts[digit * Group.DimX];
            digit--;
        }

        control[Digit] = digit;
        control[Wanted] = wanted - above;
        control[Held] = digit < 0 ? 0 : counts[(digit < 0 ? 0 : digit) * Group.DimX];
    }

    /// <summary>Lists the ids whose keys reach the threshold.</summary>
    private static int Collect(SelectArgs args, int row, ulong threshold, ArrayView<int> counts)
    {
        int own = 0;
        for (int id = Group.IdxX; id < args.ItemCount; id += Group.DimX)
        {
            if (RankKey.Of(args.Scores[row, id], id) >= threshold)
                own++;
        }

        int end = Scan(own, counts);
        int total = counts[Group.DimX - 1];
        long place = ((long)row * args.K) + end - own;
        for (int id = Group.IdxX; id < args.ItemCount; id += Group.DimX)
        {
            if (RankKey.Of(args.Scores[row, id], id) >= threshold)
                args.List[place++] = id;
        }

        GpuGroup.Barrier();
        return total;
    }

    /// <summary>The sum of the values of this thread and those before it.</summary>
    private static int Scan(int value, ArrayView<int> sums)
    {
        sums[Group.IdxX] = value;
        GpuGroup.Barrier();
        for (int distance = 1; distance < Group.DimX; distance <<= 1)
        {
            int before = Group.IdxX >= distance ? sums[Group.IdxX - distance] : 0;
            GpuGroup.Barrier();
            sums[Group.IdxX] += before;
            GpuGroup.Barrier();
        }

        return sums[Group.IdxX];
    }

    private static void Order(SelectArgs args, int row, int count)
    {
        long first = (long)row * args.K;
        for (int i = Group.IdxX; i < count; i += Group.DimX)
        {
            int id = args.List[first + i];
            float score = args.Scores[row, id];
            ulong key = RankKey.Of(score, id);
            int rank = 0;
            for (int j = 0; j < count; j++)
            {
                int other = args.List[first + j];
                if (RankKey.Of(args.Scores[row, other], other) > key)
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
