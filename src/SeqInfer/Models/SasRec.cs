using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// SASRec: self-attentive sequential recommendation (Kang and McAuley 2018), in the variants that its published code bases compute.
/// Four of them share every name and shape and differ in arithmetic, so the configuration states the variant in full.
/// </summary>
/// <remarks>
/// Names: "pmixer" (github.com/pmixer/SASRec.pytorch) or "recbole" (github.com/RUCAIBox/RecBole). The score of an item is the inner
/// product of the last state and the item's row. An empty history is, with padding on the left, a window of padding, as the
/// references compute it; with padding on the right no reference defines it, and it is computed as a window that holds one padding id.
/// </remarks>
public sealed class SasRec : SequenceEncoder
{
    private readonly TransformerEncoder _encoder;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public SasRec(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, config.Int("num_items", max: int.MaxValue - 1), ReadOptions(config))
    {
    }

    private SasRec(ModelConfig config, WeightScope weights, Device device, int itemCount, TransformerOptions options)
        : base(device, new SequenceEncoderShape(options.HiddenSize, FirstId: 1, itemCount, itemCount, options.MaxLength))
    {
        TransformerNames names = ReadNaming(config);
        Parameter items = weights.Matrix(names.ItemTable, itemCount + 1, options.HiddenSize);
        _encoder = new TransformerEncoder(device, weights, options, names, items);
        RankWith(device.CreateCatalogue(items, null, new CatalogueOptions { ExcludedIds = [0] }));
    }

    /// <inheritdoc/>
    public override void Prepare() => _encoder.Prepare();

    /// <inheritdoc/>
    protected override void Encode(ForwardPass pass, Tensor hidden) => _encoder.Forward(pass, 0, hidden);

    private static TransformerNames ReadNaming(ModelConfig config) => config.Choice<TransformerNames>(
        "naming", ("pmixer", new TransformerNames.Pmixer()), ("recbole", new TransformerNames.RecBole()));

    private static TransformerOptions ReadOptions(ModelConfig config)
    {
        int hidden = config.Int("hidden_size");
        int heads = config.Int("num_heads");
        if (hidden % heads != 0)
            throw config.Error("num_heads", $"{heads} heads cannot share a hidden_size of {hidden}");
        bool recbole = ReadNaming(config) is TransformerNames.RecBole;
        bool embeddingNorm = config.Bool("embedding_layer_norm");
        if (embeddingNorm && !recbole)
            throw config.Error("embedding_layer_norm", "true is not allowed with naming \"pmixer\", which has no such norm; expected false");
        return new TransformerOptions
        {
            HiddenSize = hidden,
            LayerCount = config.Int("num_layers"),
            HeadCount = heads,
            MaxLength = config.Int("max_length"),
            IntermediateSize = recbole ? config.Int("intermediate_size") : hidden,
            LayerNormEpsilon = config.NonNegative("layer_norm_eps"),
            LayerNormKind = config.OptionalChoice("layer_norm", LayerNormKind.Standard, ("standard", LayerNormKind.Standard)),
            Block = config.Choice("block", TransformerOptions.Blocks),
            Activation = config.Choice(recbole ? "hidden_act" : "ffn_activation", TransformerOptions.Activations),
            PaddingSide = config.Choice("padding_side", TransformerOptions.PaddingSides),
            PositionIds = config.Choice("position_ids", TransformerOptions.Positions),
            ScaleEmbedding = config.Bool("scale_embedding"),
            ZeroPaddingRows = config.Bool("zero_padding_rows"),
            KeyPaddingMask = config.Bool("key_padding_mask"),
            EmbeddingLayerNorm = embeddingNorm,
            IsCausal = true,
        };
    }
}
