using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Item vectors alone: scores and exact top-K for query vectors that come from elsewhere.
/// Names: "items" [items, hidden size], or what tensor_names says.
/// </summary>
public sealed class CatalogueModel : Model
{
    private readonly int _hidden;
    private readonly RankingHead _head;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public CatalogueModel(ModelConfig config, WeightScope weights, Device device)
        : base(device, MakeSignature(config.Int("num_items"), config.Int("hidden_size")))
    {
        int items = config.Int("num_items");
        _hidden = config.Int("hidden_size");
        int padding = config.OptionalInt("pad_id", -1, min: -1);
        if (padding >= items)
            throw config.Error("pad_id", $"{padding} is not one of the {items} items");
        Similarity similarity = config.OptionalChoice(
            "similarity",
            Similarity.Dot,
            ("dot", Similarity.Dot),
            ("cosine", Similarity.Cosine),
            ("neg_l2_squared", Similarity.NegL2Squared));
        var options = new CatalogueOptions { Similarity = similarity, ExcludedIds = padding < 0 ? [] : [padding] };
        _head = new RankingHead(device, device.CreateCatalogue(weights.Matrix("items", items, _hidden), null, options), default, Signature);
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        Tensor queries = pass.Take(pass.Batch.Count, _hidden);
        Device.Write(pass.Workspace, ((ValueColumn)pass.Batch[0]).Values, queries);
        _head.Forward(pass, queries);
    }

    private static ModelSignature MakeSignature(int items, int hidden) => new(
        [new InputSpec { Name = "queries", Kind = InputKind.Values, Width = hidden }, .. RankingHead.Inputs(0, items - 1)],
        RankingHead.Outputs(items));
}
