using System.Numerics;

namespace SeqInfer.Kernels.Ranking;

/// <summary>Partial sorting (quickselect, Hoare 1961).</summary>
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
            if (split == target) return;
            if (target < split) high = split - 1;
            else low = split + 1;
        }
    }

    // Where the pivot ends: everything before it is larger, everything behind it smaller. Every key is swapped and the border moves on by a
    // comparison's result (Lomuto's scheme without a branch), because which way a key goes cannot be predicted
    private static int Partition(long* keys, int low, int high)
    {
        MoveMedianToEnd(keys, low, high);
        long pivot = keys[high];
        int border = low;
        for (int i = low; i < high; i++)
        {
            long key = keys[i];
            keys[i] = keys[border];
            keys[border] = key;
            border += key > pivot ? 1 : 0;
        }

        (keys[border], keys[high]) = (keys[high], keys[border]);
        return border;
    }

    private static void MoveMedianToEnd(long* keys, int low, int high)
    {
        int middle = low + ((high - low) >> 1);
        long median = Math.Max(Math.Min(keys[low], keys[middle]), Math.Min(Math.Max(keys[low], keys[middle]), keys[high]));
        int place = median == keys[low] ? low : median == keys[middle] ? middle : high;
        (keys[place], keys[high]) = (keys[high], keys[place]);
    }
}
