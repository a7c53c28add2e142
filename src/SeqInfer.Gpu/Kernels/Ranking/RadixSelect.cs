using ILGPU;
using SeqInfer.Gpu.Kernels.Rows;

namespace SeqInfer.Gpu.Kernels.Ranking;

/// <summary>
/// Selection of the k best by a group whose size is a power of two. The k-th largest key is found four bits at a time: each thread counts its
/// own items per digit in a column of shared memory of its own, and the columns are added up. The keys from it on are collected at places that
/// a scan of the counts gives. No atomics, which OpenCL devices offer in different forms; and keys are distinct, so the order of threads has no
/// influence.
/// </summary>
internal static class RadixSelect
{
    /// <summary>Integers of shared memory for the counts.</summary>
    public const int CountsSize = DigitCount * SharedLanes.MaxGroupSize;

    /// <summary>Integers of shared memory for what one thread decides.</summary>
    public const int ControlSize = 4;

    private const int DigitBits = 4;
    private const int DigitCount = 1 << DigitBits;
    private const int KeyBits = 64;
    private const int Digit = 0;
    private const int Wanted = 1;
    private const int Held = 2;

    /// <summary>The k-th largest key, or a key below all items where there are fewer.</summary>
    public static ulong Threshold(SelectItems items, int k, ArrayView<int> counts, ArrayView<int> control)
    {
        ulong prefix = 0;
        int wanted = k;
        for (int shift = KeyBits - DigitBits; shift >= 0; shift -= DigitBits)
        {
            CountDigits(items, prefix, shift, counts);
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
    private static void CountDigits(SelectItems items, ulong prefix, int shift, ArrayView<int> counts)
    {
        int width = Group.DimX;
        for (int digit = 0; digit < DigitCount; digit++)
            counts[(digit * width) + Group.IdxX] = 0;
        for (int i = Group.IdxX; i < items.Count; i += width)
        {
            ulong key = items.Key(items.Id(i));

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

    /// <summary>Lists the ids whose keys reach the threshold, from a place on; how many they are.</summary>
    public static int Collect(SelectItems items, ulong threshold, ArrayView<int> list, long start, ArrayView<int> counts)
    {
        int own = 0;
        for (int i = Group.IdxX; i < items.Count; i += Group.DimX)
        {
            if (items.Key(items.Id(i)) >= threshold)
                own++;
        }

        int end = Scan(own, counts);
        int total = counts[Group.DimX - 1];
        long place = start + end - own;
        for (int i = Group.IdxX; i < items.Count; i += Group.DimX)
        {
            int id = items.Id(i);
            if (items.Key(id) >= threshold)
                list[place++] = id;
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
}
