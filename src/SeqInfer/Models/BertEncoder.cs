using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>BERT's embeddings and layers, with Hugging Face's names.</summary>
internal sealed class BertEncoder
{
    private readonly Device _device;
    private readonly int _hidden;
    private readonly Table _words;
    private readonly Table _places;
    private readonly LayerNorm _embeddingNorm;
    private readonly TransformerBlock[] _blocks;

    public BertEncoder(Device device, WeightScope weights, BertOptions options, Parameter words)
    {
        _device = device;
        _hidden = options.HiddenSize;
        WeightScope embeddings = weights.Scope("embeddings");
        embeddings.Ignore("position_ids");
        _words = device.CreateTable(words);
        _places = device.CreateTable(Places(
            embeddings.Matrix("position_embeddings.weight", options.MaxLength, _hidden),
            embeddings.Matrix("token_type_embeddings.weight", options.TypeCount, _hidden)));
        _embeddingNorm = Norm(device, embeddings.Scope("LayerNorm"), options);
        _blocks = [.. Enumerable.Range(0, options.LayerCount).Select(layer => Block(device, weights.Scope($"encoder.layer.{layer}"), options))];
    }

    /// <summary>A norm; in old files gain and offset are called gamma and beta.</summary>
    public static LayerNorm Norm(Device device, WeightScope scope, BertOptions options)
    {
        bool isOld = scope.Contains("gamma");
        return new LayerNorm(
            device, scope, options.HiddenSize, options.LayerNormEpsilon, gain: isOld ? "gamma" : "weight", offset: isOld ? "beta" : "bias");
    }

    /// <summary>The states of all rows, and those of chosen ones.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="rows">What is computed.</param>
    /// <param name="states">Receives the state of every slot, 0 where the mask hides it: [slots, hidden size].</param>
    /// <param name="chosen">Rows whose states are wanted besides, -1 for a state of 0; the same number of each sequence.</param>
    /// <param name="y">[chosen, hidden size].</param>
    public void ForwardAll(Workspace workspace, in BertRows rows, Tensor states, Indices chosen, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor x = Embed(workspace, rows);
        foreach (TransformerBlock block in _blocks)
            block.Forward(workspace, x, x, Attention(rows, rows.Sequences));
        _device.GatherRows(workspace, x, rows.OfSlots, states);
        _device.GatherRows(workspace, x, chosen, y);
    }

    /// <summary>The states of chosen rows alone, which spares the last layer the others.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="rows">What is computed.</param>
    /// <param name="chosen">Rows whose states are wanted, -1 for a state of 0.</param>
    /// <param name="queries">Which of them belong to which sequence.</param>
    /// <param name="y">[chosen, hidden size].</param>
    public void Forward(Workspace workspace, in BertRows rows, Indices chosen, Ragged queries, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor x = Embed(workspace, rows);
        foreach (TransformerBlock block in _blocks.AsSpan(..^1))
            block.Forward(workspace, x, x, Attention(rows, rows.Sequences));
        Tensor last = workspace.Take(chosen.Count, _hidden);
        _device.GatherRows(workspace, x, chosen, last);
        _blocks[^1].Forward(workspace, last, x, Attention(rows, queries));

        Indices kept = workspace.TakeIndices(chosen.Count);
        for (int i = 0; i < chosen.Count; i++)
            workspace.Span(kept)[i] = workspace.Span(chosen)[i] < 0 ? -1 : i;
        _device.GatherRows(workspace, last, kept, y);
    }

    private static AttentionRows Attention(in BertRows rows, Ragged queries) => new(queries, rows.Sequences, IsCausal: false, PrefixCounts: null);

    private static TransformerBlock Block(Device device, WeightScope layer, BertOptions options)
    {
        WeightScope self = layer.Scope("attention.self");
        var projections = AttentionProjections.FromLinears(
            self.Scope("query"), self.Scope("key"), self.Scope("value"), layer.Scope("attention.output.dense"), options.HiddenSize);
        return new TransformerBlock(
            BlockKind.PostNorm,
            Norm(device, layer.Scope("attention.output.LayerNorm"), options),
            new SelfAttention(device, projections, options.HiddenSize, options.HeadCount),
            Norm(device, layer.Scope("output.LayerNorm"), options),
            new FeedForward(
                new Linear(device, layer.Scope("intermediate.dense"), options.HiddenSize, options.IntermediateSize),
                new Linear(device, layer.Scope("output.dense"), options.IntermediateSize, options.HiddenSize),
                options.Activation));
    }

    // One table of all sums of a type and a slot: type after type, slot after slot.
    private static Parameter Places(Parameter positions, Parameter types)
    {
        if (positions.IsMissing || types.IsMissing)
            return positions;
        int columns = positions.Columns;
        double[] sums = new double[checked(types.Rows * positions.Rows * columns)];
        double[] type = new double[columns];
        for (int row = 0; row < types.Rows * positions.Rows; row++)
        {
            Span<double> sum = sums.AsSpan(row * columns, columns);
            positions.CopyRow(row % positions.Rows, sum);
            types.CopyRow(row / positions.Rows, type);
            for (int column = 0; column < columns; column++)
                sum[column] += type[column];
        }

        return Parameter.FromValues("places", types.Rows * positions.Rows, columns, sums);
    }

    private Tensor Embed(Workspace workspace, in BertRows rows)
    {
        Tensor x = workspace.Take(rows.Sequences.RowCount, _hidden);
        _device.Embed(workspace, rows.Ids, _words, x, 1, rows.Places, _places);
        _embeddingNorm.Forward(workspace, x, x);
        return x;
    }
}
