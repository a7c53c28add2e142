using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// BERT4Rec: a bidirectional Transformer over a history that ends with a mask token, whose state ranks the items (Sun et al. 2019).
/// </summary>
/// <remarks>
/// Names: "codertimo" (github.com/jaywonchung/BERT4Rec-VAE-Pytorch and others) or "recbole" (github.com/RUCAIBox/RecBole). With
/// append_mask the model puts the mask behind the newest event; the window's first slot then falls away, which with padding on the right
/// is the oldest event in any case. An empty history is the mask alone. The id 0 among the events is padding that takes up a slot. Appending an event changes every state: there is no incremental
/// mode.
/// </remarks>
public sealed class Bert4Rec : SequenceEncoder
{
    private readonly TransformerEncoder _encoder;
    private readonly Linear? _transform;
    private readonly LayerNorm? _transformNorm;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public Bert4Rec(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, config.Int("num_items", max: int.MaxValue - 2), ReadOptions(config))
    {
    }

    private Bert4Rec(ModelConfig config, WeightScope weights, Device device, int itemCount, TransformerOptions options)
        : base(device, ReadShape(itemCount, options))
    {
        TransformerNames names = ReadNaming(config);
        int maskId = options.EmptyId;
        int tokens = names is TransformerNames.Codertimo
            ? config.Int("vocab_size", min: maskId + 1)
            : config.OptionalInt("vocab_size", maskId + 1, min: maskId + 1);
        Parameter table = weights.Matrix(names.ItemTable, tokens, options.HiddenSize);
        _encoder = new TransformerEncoder(device, weights, options, names, table);

        var catalogue = new CatalogueOptions { ExcludedIds = [0] };
        int scores = itemCount + 1;
        if (config.Choice("output_head", ("transform_tied_bias", true), ("linear", false)))
        {
            _transform = new Linear(device, weights.Scope("output_ffn"), options.HiddenSize, options.HiddenSize);
            _transformNorm = names.Norm(device, weights.Scope("output_ln"), options);
            RankWith(device.CreateCatalogue(table.SliceRows(0, scores), weights.Vector("output_bias", scores), catalogue));
        }
        else
        {
            WeightScope output = weights.Scope("out");
            RankWith(device.CreateCatalogue(output.Matrix("weight", scores, options.HiddenSize), output.Vector("bias", scores), catalogue));
        }
    }

    /// <inheritdoc/>
    public override void Prepare() => _encoder.Prepare();

    /// <inheritdoc/>
    protected override void Encode(ForwardPass pass, Tensor hidden)
    {
        if (_transform is null)
        {
            _encoder.Forward(pass, 0, hidden);
            return;
        }

        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Tensor state = workspace.Take(hidden.RowCount, hidden.ColumnCount);
        _encoder.Forward(pass, 0, state);
        _transform.Forward(workspace, state, hidden, ActivationKind.Gelu);
        _transformNorm!.Forward(workspace, hidden, hidden);
    }

    // A model that appends the mask on the right of left padding has room for one event less; on the right it needs to know whether
    // there is an oldest one to be dropped. Without append_mask, ids up to the mask may stand in a history. Some data sets count items
    // from 0, which the reference then takes for padding in a history and scores as an item among candidates.
    private static SequenceEncoderShape ReadShape(int itemCount, TransformerOptions options)
    {
        bool appends = options.AppendedId is not null;
        int events = appends && options.PaddingSide == PaddingSide.Left ? options.MaxLength - 1 : options.MaxLength;
        return new SequenceEncoderShape(options.HiddenSize, FirstId: TransformerWindows.PaddingId, itemCount, appends ? itemCount : options.EmptyId, events)
        {
            FirstRankedId = TransformerWindows.PaddingId + 1,
        };
    }

    private static TransformerNames ReadNaming(ModelConfig config) => config.Choice<TransformerNames>(
        "naming", ("codertimo", new TransformerNames.Codertimo()), ("recbole", new TransformerNames.RecBole()));

    private static TransformerOptions ReadOptions(ModelConfig config)
    {
        int hidden = config.Int("hidden_size");
        int maskId = config.Int("mask_id", min: config.Int("num_items") + 1, max: int.MaxValue - 1);
        var options = new TransformerOptions
        {
            HiddenSize = hidden,
            LayerCount = config.Int("num_layers"),
            HeadCount = TransformerOptions.ReadHeads(config, hidden),
            MaxLength = config.Int("max_length"),
            IntermediateSize = config.Int("intermediate_size"),
            LayerNormEpsilon = config.NonNegative("layer_norm_eps"),
            LayerNormKind = config.Choice("layer_norm", TransformerOptions.LayerNorms),
            Block = config.Choice("block", TransformerOptions.Blocks),
            Activation = config.Choice("hidden_act", TransformerOptions.HiddenActivations),
            PaddingSide = config.Choice("padding_side", TransformerOptions.PaddingSides),
            PositionIds = config.Choice("position_ids", TransformerOptions.Positions),
            ScaleEmbedding = config.OptionalBool("scale_embedding", false),
            ZeroPaddingRows = config.OptionalBool("zero_padding_rows", false),
            KeyPaddingMask = config.Bool("key_padding_mask"),
            EmbeddingLayerNorm = config.Bool("embedding_layer_norm"),
            FinalLayerNorm = config.OptionalBool("final_layer_norm", false),
            IsCausal = false,
            AppendedId = config.Bool("append_mask") ? maskId : null,
            EmptyId = maskId,
        };
        if (options.FinalLayerNorm && ReadNaming(config) is TransformerNames.RecBole)
            throw config.Error("final_layer_norm", "true is not allowed with naming \"recbole\", which has no such norm; expected false");
        return options;
    }
}
