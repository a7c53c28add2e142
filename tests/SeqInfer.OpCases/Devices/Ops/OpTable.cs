using FsCheck;
using SeqInfer.Devices;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of every operation of the op set.</summary>
internal static class OpTable
{
    private static readonly Dictionary<string, Gen<OpCase>> ByName = new()
    {
        ["Embed"] = EmbedOps.Plain,
        ["Embed with positions"] = EmbedOps.ScaledWithPositions,
        ["EmbedBag"] = EmbedOps.Bag,
        ["GatherRows"] = EmbedOps.Gather,
        ["Freeze"] = EmbedOps.Freeze,
        ["Linear"] = LinearOps.Linear,
        ["Linear, edge sizes"] = LinearOps.EdgeSizes,
        ["Linear, bf16"] = StorageOps.With(LinearOps.Linear, WeightStorage.BFloat16),
        ["Linear, edge sizes, bf16"] = StorageOps.With(LinearOps.EdgeSizes, WeightStorage.BFloat16),
        ["Linear, int8"] = StorageOps.With(LinearOps.Linear, WeightStorage.Int8),
        ["Linear, edge sizes, int8"] = StorageOps.With(LinearOps.EdgeSizes, WeightStorage.Int8),
        ["LinearChain"] = LinearOps.Chain,
        ["LinearChain, bf16"] = StorageOps.With(LinearOps.Chain, WeightStorage.BFloat16),
        ["LinearChain, int8"] = StorageOps.WithRoundedStates(LinearOps.Chain, WeightStorage.Int8),
        ["Apply"] = ElementwiseOps.Apply,
        ["PRelu"] = ElementwiseOps.PRelu,
        ["Combine"] = ElementwiseOps.Combine,
        ["Combine with itself"] = ElementwiseOps.CombineWithItself,
        ["LayerNorm"] = NormalizeOps.LayerNorm,
        ["ScaleShift"] = NormalizeOps.ScaleShift,
        ["NormalizeL2"] = NormalizeOps.NormalizeL2,
        ["Softmax"] = NormalizeOps.Softmax,
        ["Pool"] = PoolOps.Pool,
        ["Flatten"] = PoolOps.Flatten,
        ["Attention"] = AttentionOps.SelfAttention,
        ["Attention, other queries"] = AttentionOps.OtherQueries,
        ["Attention, prefix"] = AttentionOps.Prefix,
        ["Attention, shared keys"] = AttentionOps.SharedKeys,
        ["Recurrent"] = RecurrentOps.Recurrent,
        ["Recurrent, bf16"] = StorageOps.With(RecurrentOps.Recurrent, WeightStorage.BFloat16),
        ["Recurrent, int8"] = StorageOps.WithRoundedStates(RecurrentOps.Recurrent, WeightStorage.Int8),
        ["CombineRows"] = InteractionOps.CombineRows,
        ["RowDot"] = InteractionOps.RowDot,
        ["ScaleRows"] = InteractionOps.ScaleRows,
        ["FactorizationMachine"] = InteractionOps.FactorizationMachine,
        ["Squash"] = InteractionOps.Squash,
        ["SegmentSoftmax"] = InteractionOps.SegmentSoftmax,
        ["Aggregate"] = GraphOps.Aggregate,
        ["AggregateLinear"] = GraphOps.AggregateLinear,
        ["AggregateLinear, bf16"] = StorageOps.With(GraphOps.AggregateLinear, WeightStorage.BFloat16),
        ["AggregateLinear, int8"] = StorageOps.WithRoundedStates(GraphOps.AggregateLinear, WeightStorage.Int8),
        ["GraphAttention"] = GraphOps.GraphAttention,
        ["Score"] = RankingOps.Score,
        ["ScoreCandidates"] = RankingOps.ScoreCandidates,
        ["TopK"] = RankingOps.TopK,
        ["SelectTopK"] = RankingOps.SelectTopK,
        ["MergeTopK"] = RankingOps.MergeTopK,
    };

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static Gen<OpCase> Get(string name) => ByName[name];
}
