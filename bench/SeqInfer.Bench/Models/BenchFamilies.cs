using SeqInfer.Models;

namespace SeqInfer.Bench.Models;

/// <summary>Families that only the benchmarks have.</summary>
internal static class BenchFamilies
{
    /// <summary>model_type of <see cref="EncoderModel"/>.</summary>
    public const string Encoder = "bench-encoder";

    /// <summary>model_type of <see cref="PairRankerModel"/>.</summary>
    public const string PairRanker = "bench-pair-ranker";

    /// <summary>Makes them known; safe to repeat.</summary>
    public static void Register()
    {
        ModelRegistry.Register(Encoder, (config, weights, device) => new EncoderModel(config, weights, device));
        ModelRegistry.Register(PairRanker, (config, weights, device) => new PairRankerModel(config, weights, device));
    }
}
