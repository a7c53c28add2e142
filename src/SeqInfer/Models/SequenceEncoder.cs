using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>
/// A family that turns a history of items into one user vector and ranks a catalogue with it: input "items",
/// output "hidden", and those of <see cref="RankingHead"/>.
/// </summary>
public abstract class SequenceEncoder : Model
{
    /// <summary>Input: the history, oldest first.</summary>
    public const string ItemsInput = "items";

    /// <summary>Output: the user vector.</summary>
    public const string HiddenOutput = "hidden";

    private readonly int _hiddenSize;
    private readonly int _hidden;
    private RankingHead? _head;

    /// <summary>Creates the signature.</summary>
    protected SequenceEncoder(Device device, SequenceEncoderShape shape, params OutputSpec[] states)
        : base(device, MakeSignature(shape, states))
    {
        _hiddenSize = shape.HiddenSize;
        _hidden = Signature.IndexOfOutput(HiddenOutput);
    }

    /// <inheritdoc/>
    public sealed override void Forward(ForwardPass pass)
    {
        int batch = pass.Batch.Count;
        Tensor hidden = pass.EmitNew(_hidden, batch, _hiddenSize);
        Encode(pass, hidden);
        _head!.Forward(pass, hidden);
    }

    /// <inheritdoc/>
    protected internal sealed override void Forward(ForwardPass pass, int eventCount, StateValues state)
    {
        Tensor hidden = pass.EmitNew(_hidden, 1, _hiddenSize);
        EncodeState(pass, eventCount, state, hidden);
        _head!.Forward(pass, hidden);
    }

    /// <summary>Computes the user vector that a state stands for.</summary>
    /// <param name="pass">The request.</param>
    /// <param name="eventCount">Events that the state holds.</param>
    /// <param name="state">As many numbers as they need; none without events.</param>
    /// <param name="hidden">[1, hidden size of the user vector].</param>
    protected virtual void EncodeState(ForwardPass pass, int eventCount, StateValues state, Tensor hidden) =>
        throw new NotSupportedException($"{GetType().Name} keeps no state");

    /// <summary>Sets what ranks the items; the constructor of a family calls it.</summary>
    protected void RankWith(Catalogue catalogue, Activation activation = default) =>
        _head = new RankingHead(Device, catalogue, activation, Signature);

    /// <summary>Computes the user vector of every history.</summary>
    /// <param name="pass">The request; its input 0 is the history.</param>
    /// <param name="hidden">[batch, hidden size of the user vector].</param>
    protected abstract void Encode(ForwardPass pass, Tensor hidden);

    private static ModelSignature MakeSignature(SequenceEncoderShape shape, OutputSpec[] states) => new(
        [
            new InputSpec
            {
                Name = ItemsInput,
                Kind = InputKind.RaggedIds,
                MinId = shape.FirstInputId,
                MaxId = shape.LastInputId,
                MaxLength = shape.MaxLength,
            },
            .. shape.OtherInputs ?? [],
            .. RankingHead.Inputs(shape.FirstId, shape.LastItemId),
        ],
        [
            .. RankingHead.Outputs(shape.CatalogueSize, firstRanked: shape.FirstRankedId),
            new OutputSpec { Name = HiddenOutput, Kind = OutputKind.PerRow, Width = shape.HiddenSize },
            .. states,
        ]);
}

/// <summary>What a history model takes and gives.</summary>
/// <param name="HiddenSize">Columns of the user vector.</param>
/// <param name="FirstId">Lowest id among candidates.</param>
/// <param name="LastItemId">Highest item id that can be recommended.</param>
/// <param name="LastInputId">Highest id a history may hold; above the items may stand special ones such as a mask.</param>
/// <param name="MaxLength">Events that the model looks at, the newest ones; 0: all.</param>
public readonly record struct SequenceEncoderShape(int HiddenSize, int FirstId, int LastItemId, int LastInputId, int MaxLength)
{
    /// <summary>Lowest id a history may hold; below the items may stand that of padding.</summary>
    public int FirstInputId { get; init; } = FirstId;

    /// <summary>Lowest id that is an item and no padding; lower ones may still be asked for as candidates.</summary>
    public int FirstRankedId { get; init; } = FirstId;

    /// <summary>Rows of the catalogue: how many scores there are. Not less than <see cref="LastItemId"/> + 1.</summary>
    public int CatalogueSize { get; init; } = checked(LastItemId + 1);

    /// <summary>What a request brings beside the history; null: nothing.</summary>
    public IReadOnlyList<InputSpec>? OtherInputs { get; init; }
}
