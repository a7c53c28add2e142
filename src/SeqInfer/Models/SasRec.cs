using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// SASRec: self-attentive sequential recommendation (Kang and McAuley 2018), in the variants that its published code bases compute.
/// Four of them share every name and shape and differ in arithmetic, so the configuration states the variant in full.
/// </summary>
/// <remarks>
/// Names: "pmixer" (github.com/pmixer/SASRec.pytorch), "recbole" (github.com/RUCAIBox/RecBole) or "gsasrec"
/// (github.com/asash/gSASRec-pytorch, Petrov and Macdonald 2023). The score of an item is the inner product of the last state and the
/// item's row; gsasrec may have a table of its own for that. An empty history is, with padding on the left, a window of padding, as the
/// references compute it; with padding on the right no reference defines it, and it is computed as a window that holds one padding id.
/// With padding on the right it goes on event by event, with the keys and values of all events; with padding on the left each new event moves
/// the older ones to other positions, so all of it is computed anew.
/// </remarks>
public sealed class SasRec : SequenceEncoder
{
    private readonly TransformerEncoder _encoder;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public SasRec(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, config.Int("num_items", max: int.MaxValue - 2), ReadNaming(config))
    {
    }

    private SasRec(ModelConfig config, WeightScope weights, Device device, int itemCount, TransformerNames names)
        : this(config, weights, device, itemCount, names, ReadOptions(config, names))
    {
    }

    private SasRec(
        ModelConfig config, WeightScope weights, Device device, int itemCount, TransformerNames names, TransformerOptions options)
        : base(
            device,
            new SequenceEncoderShape(options.HiddenSize, FirstId: 1, itemCount, itemCount, options.MaxLength)
            {
                CatalogueSize = itemCount + names.SpecialRows,
            })
    {
        int rows = itemCount + names.SpecialRows;
        Parameter items = weights.Matrix(names.ItemTable, rows, options.HiddenSize);
        _encoder = new TransformerEncoder(device, weights, options, names, items);
        if (names is not TransformerNames.GSasRec)
        {
            RankWith(device.CreateCatalogue(items, null, new CatalogueOptions { ExcludedIds = [0] }));
            return;
        }

        bool isSeparate = config.Choice("output_embedding", ("separate", true), ("item", false));
        Parameter catalogue = isSeparate ? weights.Matrix("output_embedding.weight", rows, options.HiddenSize) : items;
        RankWith(device.CreateCatalogue(catalogue, null, new CatalogueOptions { ExcludedIds = [0, rows - 1] }));
    }

    /// <inheritdoc/>
    public override bool HasState => _encoder.HasState;

    /// <inheritdoc/>
    public override void Prepare() => _encoder.Prepare();

    /// <inheritdoc/>
    public override int StateSize(int eventCount) => _encoder.StateSize(eventCount);

    /// <inheritdoc/>
    protected internal override void Advance(ForwardPass pass, int eventCount, StateValues state) => _encoder.Advance(pass, eventCount, state);

    /// <inheritdoc/>
    protected override void Encode(ForwardPass pass, Tensor hidden) => _encoder.Forward(pass, 0, hidden);

    /// <inheritdoc/>
    protected override void EncodeState(ForwardPass pass, int eventCount, StateValues state, Tensor hidden) =>
        _encoder.Forward(pass, eventCount, state, hidden);

    private static TransformerNames ReadNaming(ModelConfig config) => config.Choice<TransformerNames>(
        "naming",
        ("pmixer", new TransformerNames.Pmixer()),
        ("recbole", new TransformerNames.RecBole()),
        ("gsasrec", new TransformerNames.GSasRec()));

    private static TransformerOptions ReadOptions(ModelConfig config, TransformerNames names)
    {
        int hidden = config.Int("hidden_size");
        bool recbole = names is TransformerNames.RecBole;
        var options = new TransformerOptions
        {
            HiddenSize = hidden,
            LayerCount = config.Int("num_layers"),
            HeadCount = TransformerOptions.ReadHeads(config, hidden),
            MaxLength = config.Int("max_length"),
            IntermediateSize = recbole ? config.Int("intermediate_size") : hidden,
            LayerNormEpsilon = config.NonNegative("layer_norm_eps"),
            LayerNormKind = config.OptionalChoice("layer_norm", LayerNormKind.Standard, ("standard", LayerNormKind.Standard)),
            Block = config.Choice("block", TransformerOptions.Blocks),
            Activation = recbole ? config.Choice("hidden_act", TransformerOptions.HiddenActivations) : config.Choice("ffn_activation", TransformerOptions.Activations),
            PaddingSide = config.Choice("padding_side", TransformerOptions.PaddingSides),
            PositionIds = config.Choice("position_ids", TransformerOptions.Positions),
            ScaleEmbedding = config.Bool("scale_embedding"),
            ZeroPaddingRows = config.Bool("zero_padding_rows"),
            KeyPaddingMask = config.Bool("key_padding_mask"),
            EmbeddingLayerNorm = config.Bool("embedding_layer_norm"),
            IsCausal = true,
        };
        if (options.EmbeddingLayerNorm && !recbole)
            throw config.Error("embedding_layer_norm", $"true is not allowed with naming \"{config.Text("naming")}\", which has no such norm; expected false");
        if (names is TransformerNames.GSasRec)
            CheckFixed(config, options);
        return options;
    }

    // What gSASRec's code leaves no choice in.
    private static void CheckFixed(ModelConfig config, TransformerOptions options)
    {
        Check("padding_side", options.PaddingSide == PaddingSide.Left, "\"left\"");
        Check("scale_embedding", !options.ScaleEmbedding, "false");
        Check("position_ids", options.PositionIds == PositionIds.FromZero, "\"from_zero\"");
        Check("block", options.Block == Layers.BlockKind.QueryNorm, "\"query_norm\"");
        Check("ffn_activation", options.Activation.Kind == ActivationKind.Relu, "\"relu\"");
        Check("zero_padding_rows", options.ZeroPaddingRows, "true");
        Check("key_padding_mask", options.KeyPaddingMask, "true");

        void Check(string field, bool isAsFixed, string expected)
        {
            if (!isAsFixed)
                throw config.Error(field, $"naming \"gsasrec\" allows only {expected}");
        }
    }
}
