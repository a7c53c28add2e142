using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// GRU4Rec: session-based recommendation with gated recurrent units (Hidasi et al. 2016), with one-hot or embedded input.
/// Names: "pygru4rec" (look_up, gru, h2o) or "recbole" (item_embedding, gru_layers without biases, dense); "hidasib" is
/// <see cref="HidasibGru4Rec"/>.
/// </summary>
/// <remarks>An empty session has the state 0. A final tanh is applied to the scores and does not change their order.</remarks>
public sealed class Gru4Rec : RecurrentFamily
{
    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public Gru4Rec(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, ReadSettings(config))
    {
    }

    private Gru4Rec(ModelConfig config, WeightScope weights, Device device, Settings settings)
        : base(
            device,
            new SequenceEncoderShape(
                RecurrentEncoder.UserSize(settings.Shape, settings.Head),
                settings.FirstId,
                settings.RowCount - 1,
                settings.RowCount - 1,
                settings.MaxLength),
            RecurrentEncoder.States(settings.Shape))
    {
        config.Choice("padding_side", TransformerOptions.PaddingSides);
        Activation activation = config.Choice("final_activation", ("none", Activation.None), ("tanh", (Activation)ActivationKind.Tanh));
        Names names = settings.Names;
        Parameter? items = settings.Shape.IsOneHot
            ? null
            : weights.Matrix(names.Embedding, settings.RowCount, settings.Shape.InputSize);
        Encoder = new RecurrentEncoder(device, Signature, items, new RecurrentStack(device, weights.Scope(names.Gru), settings.Shape));
        RankWith(Encoder.ReadHead(settings.Head, weights.Scope(names.Output), items, settings.FirstId == 0 ? [] : [0]), activation);
    }

    /// <summary>Reads a model of whatever naming.</summary>
    internal static SequenceEncoder Create(ModelConfig config, WeightScope weights, Device device) =>
        config.Choice("naming", ("pygru4rec", false), ("recbole", false), ("hidasib", true))
            ? new HidasibGru4Rec(config, weights, device)
            : new Gru4Rec(config, weights, device);

    private static Settings ReadSettings(ModelConfig config)
    {
        Names names = config.Choice(
            "naming",
            ("pygru4rec", new Names("look_up.weight", "gru", "h2o", HasBias: true)),
            ("recbole", new Names("item_embedding.weight", "gru_layers", "dense", HasBias: false)));
        bool oneHot = config.Choice("input", ("one_hot", true), ("embedding", false));
        RecurrentHead head = config.Choice("output_head", RecurrentEncoder.Heads);
        if (oneHot && head == RecurrentHead.LinearThenTiedEmbedding)
            throw config.Error("output_head", "\"linear_then_tied_embedding\" is not allowed with a one_hot input, which has no embedding; expected \"linear\"");
        int firstId = config.Int("first_item_id", min: 0, max: 1);
        int rows = config.Int("num_items", max: int.MaxValue - 1) + firstId;

        // A one-hot model has no embedding; neither input needs a longest session.
        int inputSize = oneHot ? rows : config.Int("embedding_size");
        if (oneHot)
            config.Ignore("embedding_size");
        var shape = new RecurrentShape(
            RecurrentCell.Gru, inputSize, config.Int("hidden_size"), config.Int("num_layers"), HasBias: names.HasBias, IsOneHot: oneHot);
        return new Settings(shape, head, names, firstId, rows, config.OptionalInt("max_length", 0));
    }

    private sealed record Names(string Embedding, string Gru, string Output, bool HasBias);

    private sealed record Settings(RecurrentShape Shape, RecurrentHead Head, Names Names, int FirstId, int RowCount, int MaxLength);
}
