using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// ComiRec with self-attentive extraction (Cen et al. 2020): every interest is a weighted sum of the history's items, the weights a
/// softmax over the events of a small network. Names: "pytorch_comirec" (github.com/ShiningCosmos/pytorch_ComiRec).
/// </summary>
/// <remarks>An empty history has the interests 0. Appending an event changes all weights: there is no incremental mode.</remarks>
public sealed class ComiRecSa : MultiInterestModel
{
    private readonly Table? _positions;
    private readonly Linear _inner;
    private readonly Linear _outer;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public ComiRecSa(ModelConfig config, WeightScope weights, Device device)
        : base(device, weights, MultiInterestOptions.Read(config))
    {
        int hidden = Options.HiddenSize;
        int attention = config.Int("attention_hidden_size");
        bool hasBias = config.Bool("bias");
        if (config.Bool("position_embedding"))
            _positions = device.CreateTable(weights.Tensor("position_embedding", 1, Options.MaxLength, hidden).Reshape(Options.MaxLength, hidden));
        _inner = new Linear(device, weights.Scope("linear1.0"), hidden, attention, hasBias);
        _outer = new Linear(device, weights.Scope("linear2"), attention, Options.InterestCount, hasBias);
    }

    /// <inheritdoc/>
    private protected override void Encode(ForwardPass pass, in InterestEvents events, Tensor interests)
    {
        Workspace workspace = pass.Workspace;
        Tensor x = events.Rows;
        if (_positions is not null)
        {
            Tensor places = workspace.Take(x.RowCount, x.ColumnCount);
            Device.Embed(workspace, events.Slots, _positions, places);
            Device.Combine(workspace, places, x, BinaryOperation.Add, places);
            x = places;
        }

        Tensor h = workspace.Take(x.RowCount, _inner.OutputSize);
        Tensor weights = workspace.Take(x.RowCount, Options.InterestCount);
        _inner.Forward(workspace, x, h, ActivationKind.Tanh);
        _outer.Forward(workspace, h, weights);
        Device.SegmentSoftmax(workspace, weights, events.Sequences, weights);
        for (int i = 0; i < Options.InterestCount; i++)
        {
            Tensor interest = interests.Columns(i * Options.HiddenSize, Options.HiddenSize);
            WeightedSum(Device, workspace, events.Rows, weights.Columns(i, 1), events.Sequences, interest);
        }
    }
}
