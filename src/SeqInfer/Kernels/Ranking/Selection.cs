using System.Numerics;

namespace SeqInfer.Kernels.Ranking;

/// <summary>Partial sorting (Hoare's quickselect).</summary>
internal static unsafe class Selection
{
    /// <summary>
    /// Reorders distinct keys so that the <paramref name="k"/> largest come first and the smallest of them is at k - 1.
    /// 1 &lt;= k &lt;= count. Linear on average; where the pivots keep failing, it sorts.
    /// </summary>
    public static void LargestFirst(long* keys, int count, int k)
    {
        int low = 0;
        int high = count - 1;
        int target = k - 1;
        for (int rounds = 4 * BitOperations.Log2((uint)count) + 4; low < high; rounds--)
        {
            if (rounds == 0)
            {
                Span<long> rest = new(keys + low, high - low + 1);
                rest.Sort();
                rest.Reverse();
                return;
            }

            int split = Partition(keys, low, high);
            if (target <= split) high = split;
            else low = split + 1;
        }
    }

    // Afterwards everything in low..split is at least everything in split + 1..high; both parts hold at least one key
    private static int Partition(long* keys, int low, int high)
    {
        long pivot = MedianOfThree(keys[low], keys[low + ((high - low) >> 1)], keys[high]);
        int i = low - 1;
        int j = high + 1;
        while (true)
        {
            while (keys[++i] > pivot)
            {
            }

            while (keys[--j] < pivot)
            {
            }

            if (i >= j) return j < high ? j : high - 1;
            (keys[i], keys[j]) = (keys[j], keys[i]);
        }
    }

    private static long MedianOfThree(long a, long b, long c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
