namespace SeqInfer.Ranking;

/// <summary>
/// Draws actions from what a policy model gives. The same seed draws the same actions on every machine and in every version: the numbers come from
/// SplitMix64 (Steele, Lea and Flood 2014). Belongs to one thread at a time.
/// </summary>
/// <param name="seed">Where the sequence of random numbers begins.</param>
public sealed class ActionSampler(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Draws one of the actions.</summary>
    /// <param name="probabilities">The output "probabilities" of one row; need not sum to exactly 1.</param>
    /// <returns>The action, 0 .. count - 1; one of probability 0 is never drawn.</returns>
    /// <exception cref="ArgumentException">A probability is negative or not finite, or all are 0.</exception>
    public int Next(ReadOnlySpan<float> probabilities)
    {
        double sum = 0;
        foreach (float p in probabilities)
        {
            if (!(p >= 0) || float.IsInfinity(p))
                throw new ArgumentException($"a probability is {p}", nameof(probabilities));
            sum += p;
        }

        if (sum == 0)
            throw new ArgumentException("every probability is 0", nameof(probabilities));
        double left = NextUniform() * sum;
        int last = 0;
        for (int action = 0; action < probabilities.Length; action++)
        {
            if (probabilities[action] == 0)
                continue;
            last = action;
            left -= probabilities[action];
            if (left < 0)
                break;
        }

        return last;
    }

    /// <summary>Draws a continuous action: mean + exp(logDeviation) * a standard normal number, column by column.</summary>
    /// <param name="mean">The output "action_mean" of one row.</param>
    /// <param name="logDeviation">The output "action_log_std" of one row.</param>
    /// <param name="action">Receives the action.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void Next(ReadOnlySpan<float> mean, ReadOnlySpan<float> logDeviation, Span<float> action)
    {
        if (logDeviation.Length != mean.Length || action.Length != mean.Length)
            throw new ArgumentException($"{mean.Length} means, {logDeviation.Length} deviations and {action.Length} places", nameof(action));
        for (int i = 0; i < action.Length; i++)
            action[i] = (float)(mean[i] + (Math.Exp(logDeviation[i]) * NextNormal()));
    }

    /// <summary>Box and Muller 1958.</summary>
    private double NextNormal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform()));
        return radius * Math.Cos(2 * Math.PI * NextUniform());
    }

    /// <summary>53 random bits, 0 included and 1 not.</summary>
    private double NextUniform()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
