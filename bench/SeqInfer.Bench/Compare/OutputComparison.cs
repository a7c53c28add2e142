using SeqInfer.Bench.Models;

namespace SeqInfer.Bench.Compare;

/// <summary>Compares outputs before anything is timed. The other side always has fp32 weights.</summary>
internal static class OutputComparison
{
    // Sums of up to some thousand terms, rounded in another order on each side and carried through some layers, stay far below this
    // share of the largest value; a wrong formula does not.
    private const double Rounding = 5e-4;

    // Rounding errors of the weights of one layer average out in its sums, so a layer adds about the error of one weight; the deepest
    // models with reduced weights have 4 layers, and the margin of 2 is for the largest of many outputs.
    private const double Layers = 2 * 4;

    // bfloat16 keeps 8 bits: at most 2^-9 of a weight is lost.
    private const double BFloat16Error = 1.0 / 512;

    // 127 steps up to the largest weight of an output: at most half a step is lost.
    private const double Int8Error = 0.5 / 127;

    // A single logit may be small because its terms cancel, and its error is that of its terms.
    private const double SmallestScale = 0.25;

    /// <summary>The largest difference.</summary>
    /// <param name="what">Which outputs, for the message.</param>
    /// <param name="ours">Our side.</param>
    /// <param name="theirs">The other side.</param>
    /// <param name="weights">How our side stores weights.</param>
    /// <exception cref="MismatchException">It is too large, or a side has NaN.</exception>
    public static double MaxAbsDiff(string what, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs, string weights = WeightForms.Fp32)
    {
        if (ours.Length != theirs.Length)
            throw new MismatchException($"{what}: {ours.Length} values here, {theirs.Length} there");
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            if (float.IsNaN(ours[i]) || float.IsNaN(theirs[i]))
                throw new MismatchException($"{what}: value {i} is {ours[i]} here, {theirs[i]} there");
            largest = Math.Max(largest, Math.Abs(theirs[i]));
            difference = Math.Max(difference, Math.Abs((double)ours[i] - theirs[i]));
        }

        return difference <= ToleranceOf(weights) * Math.Max(SmallestScale, largest)
            ? difference
            : throw new MismatchException($"{what}, {weights}: the outputs differ by {difference:G3}, the largest value is {largest:G3}");
    }

    /// <summary>Checks the ids of a top-K: where they differ, the items have the same score but for rounding.</summary>
    /// <param name="what">Which outputs, for the message.</param>
    /// <param name="ours">Our ids, rows of k.</param>
    /// <param name="theirs">Those of the other side.</param>
    /// <param name="scores">The scores of the other side.</param>
    /// <param name="k">Items of a row.</param>
    /// <exception cref="MismatchException">Another item is named.</exception>
    public static void CheckIds(string what, ReadOnlySpan<int> ours, ReadOnlySpan<long> theirs, ReadOnlySpan<float> scores, int k)
    {
        if (ours.Length != theirs.Length)
            throw new MismatchException($"{what}: {ours.Length} ids here, {theirs.Length} there");
        for (int i = 0; i < ours.Length; i++)
        {
            if (ours[i] == theirs[i])
                continue;

            // An item that ties with the last one may be missing there altogether.
            ReadOnlySpan<long> row = theirs.Slice(i / k * k, k);
            int place = row.IndexOf(ours[i]);
            float other = scores[(i / k * k) + (place < 0 ? k - 1 : place)];
            if (Math.Abs(scores[i] - other) > Rounding * Math.Max(SmallestScale, Math.Abs(scores[i])))
                throw new MismatchException($"{what}: place {i % k} of row {i / k} is item {ours[i]} here, {theirs[i]} there");
        }
    }

    // A top-K with a first pass in 8 bits scores what is left in fp32: rounding alone may differ, see ModelCell.
    private static double ToleranceOf(string weights) => weights switch
    {
        WeightForms.Bf16 => Rounding + (Layers * BFloat16Error),
        WeightForms.Int8 => Rounding + (Layers * Int8Error),
        _ => Rounding,
    };
}
