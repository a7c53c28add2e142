namespace SeqInfer.Bench.Compare;

/// <summary>Compares outputs before anything is timed.</summary>
internal static class OutputComparison
{
    // Sums of up to some thousand terms, rounded in another order on each side and carried through some layers, stay far below this
    // share of the largest value; a wrong formula does not.
    private const double Tolerance = 5e-4;

    /// <summary>The largest difference.</summary>
    /// <exception cref="MismatchException">It is too large, or a side has NaN.</exception>
    public static double MaxAbsDiff(string what, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        if (ours.Length != theirs.Length)
            throw new MismatchException($"{what}: {ours.Length} values here, {theirs.Length} in ONNX Runtime");
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            if (float.IsNaN(ours[i]) || float.IsNaN(theirs[i]))
                throw new MismatchException($"{what}: value {i} is {ours[i]} here, {theirs[i]} in ONNX Runtime");
            largest = Math.Max(largest, Math.Abs(theirs[i]));
            difference = Math.Max(difference, Math.Abs((double)ours[i] - theirs[i]));
        }

        return difference <= Tolerance * Math.Max(1, largest)
            ? difference
            : throw new MismatchException($"{what}: the outputs differ by {difference:G3}, the largest value is {largest:G3}");
    }
}
