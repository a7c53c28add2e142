using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// A next-item model of embedding, torch.nn.LSTM, GRU or RNN and output layer. Names ("torch"): embedding.weight, rnn.*, out.*.
/// </summary>
/// <remarks>
/// Outputs besides those of a history model: state_h and, for an LSTM, state_c. Padding never touches the state, as with packed
/// sequences in PyTorch. An empty history has the state 0.
/// </remarks>
public sealed class RecurrentModel : RecurrentFamily
{
    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public RecurrentModel(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, config.Int("num_items", max: int.MaxValue - 1), ReadShape(config), ReadHead(config))
    {
    }

    private RecurrentModel(ModelConfig config, WeightScope weights, Device device, int itemCount, RecurrentShape shape, RecurrentHead head)
        : base(
            device,
            new SequenceEncoderShape(RecurrentEncoder.UserSize(shape, head), FirstId: 1, itemCount, itemCount, config.Int("max_length")),
            RecurrentEncoder.States(shape))
    {
        config.Choice("naming", ("torch", true));
        config.Choice("padding_side", TransformerOptions.PaddingSides);
        Parameter items = weights.Matrix("embedding.weight", itemCount + 1, shape.InputSize);
        Encoder = new RecurrentEncoder(device, Signature, items, new RecurrentStack(device, weights.Scope("rnn"), shape));
        RankWith(Encoder.ReadHead(head, weights.Scope("out"), items, [0]));
    }

    private static RecurrentShape ReadShape(ModelConfig config) => new(
        config.Choice(
            "cell",
            ("lstm", RecurrentCell.Lstm),
            ("gru", RecurrentCell.Gru),
            ("rnn_tanh", RecurrentCell.RnnTanh),
            ("rnn_relu", RecurrentCell.RnnRelu)),
        config.Int("embedding_size"),
        config.Int("hidden_size"),
        config.Int("num_layers"),
        config.Bool("bidirectional"));

    private static RecurrentHead ReadHead(ModelConfig config) => config.Choice("output_head", RecurrentEncoder.Heads);
}
