namespace SeqInfer.Ranking;

/// <summary>Metrics of predicted probabilities, scores and ratings against what happened.</summary>
public static class PredictionMetrics
{
    /// <summary>
    /// AUC: the probability that a positive scores higher than a negative, ties counting one half; the Mann-Whitney statistic
    /// (sum of the positives' mean ranks - P(P+1)/2) / (P N) for P positives and N negatives.
    /// </summary>
    /// <param name="scores">Any increasing function of the probability of a positive.</param>
    /// <param name="labels">True for positives.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is NaN, or all labels are equal, for which there is no AUC.</exception>
    public static double Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        CheckLengths(scores.Length, labels.Length);
        double[] sorted = scores.ToArray();
        bool[] sortedLabels = labels.ToArray();
        if (Array.Exists(sorted, double.IsNaN))
            throw new ArgumentException("a score is NaN", nameof(scores));
        Array.Sort(sorted, sortedLabels);

        double rankSum = 0;
        long positives = 0;
        for (int start = 0; start < sorted.Length;)
        {
            int end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
                end++;
            int inTie = sortedLabels.AsSpan(start, end - start).Count(true);
            rankSum += inTie * (start + 1 + end) / 2.0;
            positives += inTie;
            start = end;
        }

        long negatives = sorted.Length - positives;
        if (positives == 0 || negatives == 0)
            throw new ArgumentException("AUC needs at least one positive and one negative", nameof(labels));
        return (rankSum - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives);
    }

    /// <summary>
    /// Log-loss: the mean of -ln p for positives and -ln (1 - p) for negatives. Probabilities are kept 1e-15 away from 0 and 1, so that one
    /// wrong certainty does not make the mean infinite.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ or are 0, or a probability is not within 0 .. 1.</exception>
    public static double LogLoss(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> labels)
    {
        const double Margin = 1e-15;
        CheckLengths(probabilities.Length, labels.Length);
        double sum = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (probabilities[i] is not (>= 0 and <= 1))
                throw new ArgumentException($"probability {i} is {probabilities[i]:R}, expected 0 .. 1", nameof(probabilities));
            double p = Math.Clamp(probabilities[i], Margin, 1 - Margin);
            sum -= labels[i] ? Math.Log(p) : Math.Log(1 - p);
        }

        return sum / labels.Length;
    }

    /// <summary>RMSE: the square root of the mean of (predicted - actual)^2.</summary>
    /// <exception cref="ArgumentException">The lengths differ or are 0.</exception>
    public static double Rmse(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        CheckLengths(predicted.Length, actual.Length);
        double sum = 0;
        for (int i = 0; i < actual.Length; i++)
            sum += (predicted[i] - actual[i]) * (predicted[i] - actual[i]);
        return Math.Sqrt(sum / actual.Length);
    }

    /// <summary>MAE: the mean of |predicted - actual|.</summary>
    /// <exception cref="ArgumentException">The lengths differ or are 0.</exception>
    public static double Mae(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        CheckLengths(predicted.Length, actual.Length);
        double sum = 0;
        for (int i = 0; i < actual.Length; i++)
            sum += Math.Abs(predicted[i] - actual[i]);
        return sum / actual.Length;
    }

    private static void CheckLengths(int predictions, int labels)
    {
        if (predictions != labels)
            throw new ArgumentException($"{predictions} predictions for {labels} labels");
        if (labels == 0)
            throw new ArgumentException("there is nothing to measure");
    }
}
