using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// A family that turns a history of items into several user vectors: input "items", output "interests", the vectors of a user side by
/// side, and the inputs and outputs of <see cref="RankingHead"/>, where an item counts with the interest that scores it best.
/// </summary>
public abstract class MultiInterestModel : Model
{
    private readonly Table _items;
    private readonly MultiInterestHead _head;
    private readonly int _interests;

    /// <summary>Reads the item table, "embeddings.weight".</summary>
    private protected MultiInterestModel(Device device, WeightScope weights, MultiInterestOptions options, params InputSpec[] more)
        : base(device, MakeSignature(options, more))
    {
        Options = options;
        Parameter items = weights.Matrix("embeddings.weight", options.ItemCount + 1, options.HiddenSize);
        _items = device.CreateTable(items);
        _head = new MultiInterestHead(device, device.CreateCatalogue(items, null, new CatalogueOptions { ExcludedIds = [0] }), Signature);
        _interests = Signature.IndexOfOutput("interests");
    }

    private protected MultiInterestOptions Options { get; }

    /// <inheritdoc/>
    public sealed override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        Tensor interests = pass.EmitNew(_interests, pass.Batch.Count, checked(Options.InterestCount * Options.HiddenSize));
        using (workspace.Frame())
        {
            Ragged sequences = pass.Sequences(0, out Indices ids);
            Tensor events = workspace.Take(ids.Count, Options.HiddenSize);
            Device.Embed(workspace, ids, _items, events);
            Encode(pass, new InterestEvents(events, sequences, Slots(workspace, sequences)), interests);
        }

        _head.Forward(pass, interests);
    }

    /// <summary>Computes the vectors of every user.</summary>
    /// <param name="pass">The request.</param>
    /// <param name="events">The items of the histories.</param>
    /// <param name="interests">[batch, interests * hidden size].</param>
    private protected abstract void Encode(ForwardPass pass, in InterestEvents events, Tensor interests);

    /// <summary>One vector of every user: the sum of its events, each times its weight.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="x">[events, size].</param>
    /// <param name="weights">[events, 1].</param>
    /// <param name="sequences">Which events belong to which user.</param>
    /// <param name="y">[batch, size].</param>
    internal static void WeightedSum(Device device, Workspace workspace, Tensor x, Tensor weights, Ragged sequences, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor weighted = workspace.Take(x.RowCount, x.ColumnCount);
        device.ScaleRows(workspace, x, weights, weighted);
        device.Pool(workspace, weighted, sequences, PoolKind.Sum, y);
    }

    private static ModelSignature MakeSignature(MultiInterestOptions options, InputSpec[] more) => new(
        [
            new InputSpec
            {
                Name = SequenceEncoder.ItemsInput,
                Kind = InputKind.RaggedIds,
                MinId = 1,
                MaxId = options.ItemCount,
                MaxLength = options.MaxLength,
            },
            .. RankingHead.Inputs(1, options.ItemCount),
            .. more,
        ],
        [
            .. RankingHead.Outputs(options.ItemCount + 1, firstRanked: 1),
            new OutputSpec { Name = "interests", Kind = OutputKind.PerRow, Width = checked(options.InterestCount * options.HiddenSize) },
        ]);

    private Indices Slots(Workspace workspace, Ragged sequences)
    {
        Indices slots = workspace.TakeIndices(sequences.RowCount);
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        for (int s = 0; s < sequences.Count; s++)
        {
            int first = Options.PaddingSide == PaddingSide.Left ? Options.MaxLength - (offsets[s + 1] - offsets[s]) : 0;
            for (int row = offsets[s]; row < offsets[s + 1]; row++)
                workspace.Span(slots)[row] = first + row - offsets[s];
        }

        return slots;
    }
}

/// <summary>The events of a batch of histories.</summary>
/// <param name="Rows">[events, hidden size]: their items' rows.</param>
/// <param name="Sequences">Which belong to which user.</param>
/// <param name="Slots">The slot of each in the padded window.</param>
internal readonly record struct InterestEvents(Tensor Rows, Ragged Sequences, Indices Slots);

/// <summary>Sizes of a model with several interests.</summary>
internal sealed record MultiInterestOptions(int ItemCount, int HiddenSize, int InterestCount, int MaxLength, PaddingSide PaddingSide)
{
    /// <summary>Reads the fields that these families share.</summary>
    public static MultiInterestOptions Read(ModelConfig config)
    {
        config.Choice("naming", ("pytorch_comirec", true));
        config.Choice("score", ("max", true));
        return new MultiInterestOptions(
            config.Int("num_items", max: int.MaxValue - 1),
            config.Int("hidden_size"),
            config.Int("num_interests"),
            config.Int("max_length"),
            config.Choice("padding_side", TransformerOptions.PaddingSides));
    }
}
