using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>
/// A history model whose user vector comes from the last states of a recurrent network. Goes on event by event, unless a second network runs
/// backwards: its states all change with every event.
/// </summary>
public abstract class RecurrentFamily : SequenceEncoder
{
    private RecurrentEncoder? _encoder;

    private protected RecurrentFamily(Device device, SequenceEncoderShape shape, params OutputSpec[] states)
        : base(device, shape, states)
    {
    }

    /// <inheritdoc/>
    public sealed override bool HasState => Encoder.HasState;

    /// <summary>The network; the constructor of a family sets it.</summary>
    private protected RecurrentEncoder Encoder
    {
        get => _encoder!;
        set => _encoder = value;
    }

    /// <inheritdoc/>
    public sealed override int StateSize(int eventCount) => Encoder.StateSize;

    /// <inheritdoc/>
    protected internal sealed override void Advance(ForwardPass pass, int eventCount, StateValues state) =>
        Encoder.Advance(pass, eventCount, state);

    /// <inheritdoc/>
    protected sealed override void Encode(ForwardPass pass, Tensor hidden) => Encoder.Forward(pass, hidden);

    /// <inheritdoc/>
    protected sealed override void EncodeState(ForwardPass pass, int eventCount, StateValues state, Tensor hidden) =>
        Encoder.Encode(pass, eventCount, state, hidden);
}
