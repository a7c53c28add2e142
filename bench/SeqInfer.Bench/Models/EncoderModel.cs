using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Models;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Models;

/// <summary>
/// A post-norm Transformer encoder that is not causal (Vaswani et al. 2017; the layers of BERT): x = LN(x + attention(x)),
/// x = LN(x + FFN(x)). Ids in, the states of all rows out.
/// </summary>
internal sealed class EncoderModel : Model
{
    /// <summary>[events, hidden size].</summary>
    public const string StatesOutput = "states";

    private readonly Table _words;
    private readonly Table _positions;
    private readonly LayerNorm _embeddingNorm;
    private readonly TransformerBlock[] _blocks;
    private readonly int _hidden;

    public EncoderModel(ModelConfig config, WeightScope weights, Device device)
        : base(device, Sign(config))
    {
        _hidden = config.Int("hidden_size");
        int heads = config.Int("num_heads");
        int inner = config.Int("intermediate_size");
        double epsilon = config.NonNegative("layer_norm_eps");
        _words = device.CreateTable(weights.Matrix("word_embeddings.weight", config.Int("vocab_size"), _hidden));
        _positions = device.CreateTable(weights.Matrix("position_embeddings.weight", config.Int("max_length"), _hidden));
        _embeddingNorm = new LayerNorm(device, weights.Scope("LayerNorm"), _hidden, epsilon);
        _blocks = [.. Enumerable.Range(0, config.Int("num_layers")).Select(i => Block(device, weights.Scope($"layer.{i}"), _hidden, heads, inner, epsilon))];
    }

    public override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        Ragged sequences = pass.Sequences(0, out Indices ids);
        Indices positions = Positions(workspace, sequences);
        Tensor x = pass.EmitNew(0, sequences.RowCount, _hidden);
        Device.Embed(workspace, ids, _words, x, 1, positions, _positions);
        _embeddingNorm.Forward(workspace, x, x);
        var rows = new AttentionRows(sequences, sequences, IsCausal: false, PrefixCounts: null);
        foreach (TransformerBlock block in _blocks)
            block.Forward(workspace, x, x, rows);
    }

    private static ModelSignature Sign(ModelConfig config) => new(
        [
            new InputSpec
            {
                Name = SequenceEncoder.ItemsInput,
                Kind = InputKind.RaggedIds,
                MaxId = config.Int("vocab_size") - 1,
                MaxLength = config.Int("max_length"),
            },
        ],
        [new OutputSpec { Name = StatesOutput, Kind = OutputKind.PerRow, Width = config.Int("hidden_size") }]);

    private static TransformerBlock Block(Device device, WeightScope scope, int hidden, int heads, int inner, double epsilon)
    {
        WeightScope attention = scope.Scope("attention");
        var projections = AttentionProjections.FromLinears(
            attention.Scope("query"), attention.Scope("key"), attention.Scope("value"), attention.Scope("dense"), hidden);
        return new TransformerBlock(
            BlockKind.PostNorm,
            new LayerNorm(device, attention.Scope("LayerNorm"), hidden, epsilon),
            new SelfAttention(device, projections, hidden, heads),
            new LayerNorm(device, scope.Scope("output.LayerNorm"), hidden, epsilon),
            new FeedForward(
                new Linear(device, scope.Scope("intermediate"), hidden, inner),
                new Linear(device, scope.Scope("output.dense"), inner, hidden),
                ActivationKind.Gelu));
    }

    private static Indices Positions(Workspace workspace, Ragged sequences)
    {
        Indices positions = workspace.TakeIndices(sequences.RowCount);
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        Span<int> values = workspace.Span(positions);
        for (int sequence = 0; sequence < sequences.Count; sequence++)
        {
            for (int row = offsets[sequence]; row < offsets[sequence + 1]; row++)
                values[row] = row - offsets[sequence];
        }

        return positions;
    }
}
