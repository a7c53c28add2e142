using SeqInfer.Ranking;

namespace SeqInfer.Tests.Ranking;

public class ActionSamplerTests
{
    [Fact]
    public void The_same_seed_draws_the_same_actions_for_ever()
    {
        // SplitMix64 of seed 0 begins 0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F: 0.8833, 0.4315, 0.0264 of 1.
        var sampler = new ActionSampler(0);
        float[] probabilities = [0.1f, 0.5f, 0.4f];
        Assert.Equal([2, 1, 0], Enumerable.Range(0, 3).Select(_ => sampler.Next(probabilities)));
    }

    [Fact]
    public void Actions_come_as_often_as_they_are_likely()
    {
        const int Draws = 100_000;
        float[] probabilities = [0, 0.5f, 0.3f, 0, 0.2f, 0];
        var sampler = new ActionSampler(7);
        int[] counts = new int[probabilities.Length];
        for (int i = 0; i < Draws; i++)
            counts[sampler.Next(probabilities)]++;

        // Five standard deviations of a count: the seed is fixed, so this either holds or not.
        for (int action = 0; action < counts.Length; action++)
        {
            double deviation = Math.Sqrt(Draws * probabilities[action] * (1 - probabilities[action]));
            Assert.InRange(counts[action], (Draws * probabilities[action]) - (5 * deviation), (Draws * probabilities[action]) + (5 * deviation));
        }
    }

    [Fact]
    public void Continuous_actions_have_the_mean_and_the_deviation()
    {
        const int Draws = 100_000;
        var sampler = new ActionSampler(11);
        float[] action = new float[1];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < Draws; i++)
        {
            sampler.Next([3], [MathF.Log(0.5f)], action);
            sum += action[0];
            squares += action[0] * action[0];
        }

        double mean = sum / Draws;
        Assert.Equal(3, mean, 5 * 0.5 / Math.Sqrt(Draws));
        Assert.Equal(0.5, Math.Sqrt((squares / Draws) - (mean * mean)), 0.01);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(0.5f, -0.1f)]
    [InlineData(float.NaN, 1f)]
    [InlineData(float.PositiveInfinity, 1f)]
    public void What_is_no_distribution_is_refused(float first, float second) =>
        Assert.Throws<ArgumentException>(() => new ActionSampler(1).Next([first, second]));

    [Fact]
    public void Lengths_must_agree() =>
        Assert.Throws<ArgumentException>(() => new ActionSampler(1).Next([1, 2], [0], new float[2]));
}
