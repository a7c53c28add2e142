using SeqInfer.Cli.Data;

namespace SeqInfer.Cli.Evaluation;

/// <summary>
/// Candidates for data sets that store none. For each user: the target, then the negatives, drawn uniformly and without repetition from all
/// items that are neither the target nor among what the user has chosen before; all that are left where there are fewer. A user's draw
/// depends on the seed and the user's place alone, not on the batch, the machine or the version of .NET.
/// </summary>
internal sealed class NegativeSampler(int negatives, ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <exception cref="CliException">A user has several targets.</exception>
    public IdRows Draw(EvaluationSet set, int firstItem, int lastItem)
    {
        List<int[]> rows = [];
        for (int user = 0; user < set.Count; user++)
        {
            if (set.Targets[user].Length != 1)
                throw new CliException($"{set.Name}: user {user} has {set.Targets[user].Length} items to be found; drawn candidates need one");
            rows.Add(Draw(set.Targets[user][0], set.SeenBy(user), firstItem, lastItem, Mix(seed + (Golden * (ulong)(user + 1)))));
        }

        return IdRows.FromLists(rows);
    }

    private int[] Draw(int target, ReadOnlySpan<int> seen, int firstItem, int lastItem, ulong state)
    {
        HashSet<int> taken = [target, .. seen];
        long free = lastItem - firstItem + 1L - taken.Count(item => item >= firstItem && item <= lastItem);
        List<int> drawn = [target];
        if (free <= negatives)
            return [target, .. Enumerable.Range(firstItem, lastItem - firstItem + 1).Where(item => !taken.Contains(item))];
        while (drawn.Count <= negatives)
        {
            state += Golden;

            // The high part of the product with the number of items: as even as 64 bits allow, and without a division.
            int item = firstItem + (int)Math.BigMul(Mix(state), (ulong)(lastItem - firstItem + 1L), out _);
            if (taken.Add(item))
                drawn.Add(item);
        }

        return [.. drawn];
    }

    // SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
