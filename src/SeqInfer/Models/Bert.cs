using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// BERT (Devlin et al. 2018) with Hugging Face's config.json and names: BertModel or BertForMaskedLM, with or without the prefix "bert.".
/// Which tensors are there decides the outputs: a pooler gives "pooled", the masked-token head "logits" and "top_k".
/// </summary>
/// <remarks>
/// Sequences are ragged; in a padded batch attention_mask says which slots count. What it hides is not computed, and its state is given
/// as 0. The slots that "pooled" and "logits" read must be seen; a sequence without any slot has the state 0.
/// </remarks>
public sealed class Bert : Model
{
    private const string PositionInput = "logits_position";

    private readonly BertOptions _options;
    private readonly BertEncoder _encoder;
    private readonly Linear? _pooler;
    private readonly Linear? _transform;
    private readonly LayerNorm? _transformNorm;
    private readonly RankingHead? _head;
    private readonly int _position;
    private readonly int _states;
    private readonly int _pooled;
    private readonly int _logits;
    private readonly int _topK;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing or not allowed.</exception>
    public Bert(ModelConfig config, WeightScope weights, Device device)
        : this(device, weights, EncoderScope(weights), BertOptions.Read(config))
    {
    }

    private Bert(Device device, WeightScope weights, WeightScope encoder, BertOptions options)
        : base(device, MakeSignature(options, HasPooler(encoder), HasHead(weights)))
    {
        _options = options;
        int hidden = options.HiddenSize;
        Parameter words = encoder.Matrix("embeddings.word_embeddings.weight", options.VocabularySize, hidden);
        _encoder = new BertEncoder(device, encoder, options, words);
        _pooler = HasPooler(encoder) ? new Linear(device, encoder.Scope("pooler.dense"), hidden, hidden) : null;
        WeightScope predictions = weights.Scope("cls.predictions");
        predictions.Ignore("decoder.bias");
        if (options.IsTied)
            predictions.Ignore("decoder.weight");
        weights.Scope("cls.seq_relationship").Ignore(_ => true);
        if (HasHead(weights))
        {
            _transform = new Linear(device, predictions.Scope("transform.dense"), hidden, hidden);
            _transformNorm = BertEncoder.Norm(device, predictions.Scope("transform.LayerNorm"), options);
            Parameter decoder = options.IsTied ? words : predictions.Matrix("decoder.weight", options.VocabularySize, hidden);
            Catalogue tokens = device.CreateCatalogue(decoder, predictions.Vector("bias", options.VocabularySize), new CatalogueOptions());
            _head = new RankingHead(device, tokens, Activation.None, Signature, scoresOutput: "logits");
        }

        _position = Signature.IndexOfInput(PositionInput);
        _states = Signature.IndexOfOutput("last_hidden_state");
        _pooled = Signature.IndexOfOutput("pooled");
        _logits = Signature.IndexOfOutput("logits");
        _topK = Signature.IndexOfOutput(RankingHead.TopKOutput);
    }

    /// <inheritdoc/>
    public override void Check(Batch batch, OutputSet outputs)
    {
        bool needsFirst = _pooled >= 0 && outputs.Contains(_pooled);
        bool needsPosition = _head is not null && (outputs.Contains(_logits) || outputs.Contains(_topK));
        IdColumn? positions = needsPosition ? (IdColumn)batch[_position] : null;
        if (positions is not null && positions.Count < batch.Count)
            throw new InputException(PositionInput, $"{positions.Count} rows in a batch of {batch.Count}; \"logits\" and \"top_k\" need it");
        var tokens = (IdColumn)batch[0];
        var mask = (IdColumn)batch[1];
        for (int row = 0; row < tokens.Count; row++)
        {
            if (needsFirst)
                CheckSlot(mask, row, 0, mask.Spec.Name, "\"pooled\" reads");
            if (positions is null)
                continue;
            int slot = positions.Ids[row];
            if (slot >= Math.Max(1, tokens[row].Length))
                throw new InputException(PositionInput, $"row {row}: slot {slot} of a sequence of {tokens[row].Length}");
            CheckSlot(mask, row, slot, PositionInput, "is asked for");
        }
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        int batch = pass.Batch.Count;
        bool wantsPooled = pass.Wants(_pooled);
        bool wantsLogits = pass.Wants(_logits) || pass.Wants(_topK);
        Tensor states = pass.Wants(_states) ? pass.EmitNew(_states, ((IdColumn)pass.Batch[0]).Ids.Length, _options.HiddenSize) : default;
        Tensor pooled = wantsPooled ? pass.EmitNew(_pooled, batch, _options.HiddenSize) : default;
        Tensor tokens = wantsLogits ? pass.Take(batch, _options.HiddenSize) : default;
        using (workspace.Frame())
        {
            BertRows rows = BertRows.Create(
                workspace, (IdColumn)pass.Batch[0], (IdColumn)pass.Batch[1], (IdColumn)pass.Batch[2], _options.MaxLength);
            Indices chosen = Choose(pass, rows, wantsPooled, wantsLogits, out Ragged queries);
            Tensor y = workspace.Take(chosen.Count, _options.HiddenSize);

            // A plan makes room for both, since a request may want fewer outputs than the plan.
            if (workspace.IsPlanning || !pass.Wants(_states))
                _encoder.Forward(workspace, rows, chosen, queries, y);
            if (pass.Wants(_states))
                _encoder.ForwardAll(workspace, rows, states, chosen, y);
            if (wantsPooled)
                _pooler!.Forward(workspace, Every(workspace, y, queries, 0), pooled, ActivationKind.Tanh);
            if (wantsLogits)
                _transform!.Forward(workspace, Every(workspace, y, queries, queries.Longest - 1), tokens, _options.Activation);
        }

        if (!wantsLogits)
            return;
        _transformNorm!.Forward(workspace, tokens, tokens);
        _head!.Forward(pass, tokens);
    }

    private static bool HasPooler(WeightScope encoder) => encoder.Contains("pooler.dense.weight");

    private static bool HasHead(WeightScope weights) =>
        weights.Contains("cls.predictions.bias") || weights.Contains("cls.predictions.transform.dense.weight");

    private static WeightScope EncoderScope(WeightScope weights) =>
        weights.Contains("bert.embeddings.word_embeddings.weight") ? weights.Scope("bert") : weights;

    private static void CheckSlot(IdColumn mask, int row, int slot, string input, string use)
    {
        if (mask.Count > 0 && slot < mask[row].Length && mask[row][slot] == 0)
            throw new InputException(input, $"row {row}: slot {slot}, which {use}, has attention_mask 0");
    }

    private static ModelSignature MakeSignature(BertOptions options, bool hasPooler, bool hasHead)
    {
        var tokens = new InputSpec
        {
            Name = "input_ids",
            Kind = InputKind.RaggedIds,
            MaxId = options.VocabularySize - 1,
            MaxLength = options.MaxLength,
            KeepsNewest = false,
        };
        InputSpec beside = tokens with { ParallelTo = tokens.Name, IsRequired = false };
        List<InputSpec> inputs =
        [
            tokens,
            beside with { Name = "attention_mask", MaxId = 1, DefaultId = 1 },
            beside with { Name = "token_type_ids", MaxId = options.TypeCount - 1 },
        ];
        List<OutputSpec> outputs = [new() { Name = "last_hidden_state", Kind = OutputKind.PerEvent, Width = options.HiddenSize }];
        if (hasPooler)
            outputs.Add(new OutputSpec { Name = "pooled", Kind = OutputKind.PerRow, Width = options.HiddenSize });
        if (hasHead)
        {
            inputs.Add(new InputSpec { Name = PositionInput, Kind = InputKind.Ids, Width = 1, MaxId = options.MaxLength - 1, IsRequired = false });
            inputs.AddRange(RankingHead.Inputs(0, options.VocabularySize - 1).Where(input => input.Name == RankingHead.ExcludeInput));
            outputs.Add(new OutputSpec { Name = "logits", Kind = OutputKind.PerRow, Width = options.VocabularySize, IsOnDemand = true, FirstItem = 0 });
            outputs.Add(new OutputSpec { Name = RankingHead.TopKOutput, Kind = OutputKind.TopK });
        }

        return new ModelSignature(inputs, outputs);
    }

    // Row 0 of every sequence for the pooler, then the one whose logits are wanted.
    private Indices Choose(ForwardPass pass, in BertRows rows, bool first, bool position, out Ragged queries)
    {
        Workspace workspace = pass.Workspace;
        var tokens = (IdColumn)pass.Batch[0];
        int each = (first ? 1 : 0) + (position ? 1 : 0);
        Indices chosen = workspace.TakeIndices(checked(tokens.Count * each));
        Indices offsets = workspace.TakeIndices(tokens.Count + 1);
        workspace.Span(offsets)[0] = 0;
        int next = 0;
        for (int row = 0; row < tokens.Count; row++)
        {
            int start = tokens.Offsets[row];
            bool isEmpty = tokens[row].IsEmpty;
            if (first)
                workspace.Span(chosen)[next++] = isEmpty ? -1 : workspace.Span(rows.OfSlots)[start];
            if (position)
                workspace.Span(chosen)[next++] = isEmpty ? -1 : workspace.Span(rows.OfSlots)[start + ((IdColumn)pass.Batch[_position]).Ids[row]];
            workspace.Span(offsets)[row + 1] = next;
        }

        queries = new Ragged(offsets, next, each);
        return chosen;
    }

    // One of the chosen rows of every sequence.
    private Tensor Every(Workspace workspace, Tensor y, Ragged chosen, int place)
    {
        Indices rows = workspace.TakeIndices(chosen.Count);
        for (int row = 0; row < rows.Count; row++)
            workspace.Span(rows)[row] = workspace.Span(chosen.Offsets)[row] + place;
        Tensor picked = workspace.Take(rows.Count, y.ColumnCount);
        Device.GatherRows(workspace, y, rows, picked);
        return picked;
    }
}
