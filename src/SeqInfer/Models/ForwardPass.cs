using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>One request on its way through a model: the batch, the arena and the outputs. Reused from request to request.</summary>
public sealed class ForwardPass
{
    private readonly Result[] _results;

    /// <summary>Creates a pass over an arena.</summary>
    public ForwardPass(ModelSignature signature, Device device, Workspace workspace)
    {
        Device = device;
        Workspace = workspace;
        Batch = new Batch(signature);
        _results = new Result[signature.Outputs.Length];
    }

    /// <summary>Where the arithmetic is done.</summary>
    public Device Device { get; }

    /// <summary>The arena.</summary>
    public Workspace Workspace { get; }

    /// <summary>The request.</summary>
    public Batch Batch { get; private set; }

    /// <summary>The outputs the request wants.</summary>
    public OutputSet Wanted { get; private set; }

    /// <summary>Starts a request: all windows of the one before become invalid.</summary>
    public void Begin(Batch batch, OutputSet wanted)
    {
        Workspace.Reset();
        Array.Clear(_results);
        Batch = batch;
        Wanted = wanted;
    }

    /// <summary>True when the request wants an output; -1 stands for one that the model does not have.</summary>
    public bool Wants(int output) => output >= 0 && Wanted.Contains(output);

    /// <summary>Takes a window of undefined content.</summary>
    public Tensor Take(int rows, int columns) => Workspace.Take(rows, columns);

    /// <summary>Gives an output. Its window must have been taken outside every frame of the forward pass.</summary>
    public void Emit(int output, Tensor values, Indices ids = default) => _results[output] = new Result(true, values, ids);

    /// <summary>Takes a window and gives it as an output, to be filled before the pass ends.</summary>
    public Tensor EmitNew(int output, int rows, int columns)
    {
        Tensor values = Take(rows, columns);
        Emit(output, values);
        return values;
    }

    /// <summary>The ids of an input, row after row, each cut to the newest <see cref="InputSpec.MaxLength"/>.</summary>
    public Ragged Sequences(int input, out Indices ids) => Sequences(input, emptyId: -1, out ids);

    /// <summary>
    /// The ids of an input, row after row, each cut to the newest <see cref="InputSpec.MaxLength"/>;
    /// a row without any gets the single id <paramref name="emptyId"/> unless that is -1.
    /// </summary>
    public Ragged Sequences(int input, int emptyId, out Indices ids)
    {
        var column = (IdColumn)Batch[input];
        int count = Batch.Count;
        int most = column.Spec.MaxLength > 0 ? column.Spec.MaxLength : int.MaxValue;
        Indices offsets = Workspace.TakeIndices(count + 1);
        Span<int> ends = Workspace.Span(offsets);
        ends[0] = 0;
        int longest = 0;
        for (int row = 0; row < count; row++)
        {
            int length = column.Count == 0 ? 0 : Math.Min(most, column[row].Length);
            if (length == 0 && emptyId != -1)
                length = 1;
            ends[row + 1] = checked(ends[row] + length);
            longest = Math.Max(longest, length);
        }

        int total = ends[count];
        ids = Workspace.TakeIndices(total);
        Span<int> target = Workspace.Span(ids);
        ends = Workspace.Span(offsets);
        for (int row = 0; row < count; row++)
        {
            Span<int> place = target[ends[row]..ends[row + 1]];
            ReadOnlySpan<int> history = column.Count == 0 ? default : column[row];
            if (history.IsEmpty)
                place.Fill(emptyId);
            else
                history[^place.Length..].CopyTo(place);
        }

        return new Ragged(offsets, total, longest);
    }

    /// <summary>The integers 0, 1, .. count - 1.</summary>
    public Indices Numbers(int count)
    {
        Indices numbers = Workspace.TakeIndices(count);
        Span<int> values = Workspace.Span(numbers);
        for (int i = 0; i < values.Length; i++)
            values[i] = i;
        return numbers;
    }

    /// <summary>The ids of an input with a fixed number a row.</summary>
    public Indices Ids(int input)
    {
        ReadOnlySpan<int> source = ((IdColumn)Batch[input]).Ids;
        Indices ids = Workspace.TakeIndices(source.Length);
        source.CopyTo(Workspace.Span(ids));
        return ids;
    }

    /// <summary>One of several lists, as lists of their own.</summary>
    internal Ragged One(Ragged lists, Indices ids, int index, out Indices own)
    {
        ReadOnlySpan<int> offsets = Workspace.Span(lists.Offsets);
        (int start, int length) = (offsets[index], offsets[index + 1] - offsets[index]);
        own = ids.Slice(start, length);
        Indices ends = Workspace.TakeIndices(2);
        Workspace.Span(ends)[0] = 0;
        Workspace.Span(ends)[1] = length;
        return new Ragged(ends, length, length);
    }

    /// <summary>The newest ids of every row in a window of one length, the rest of it filled with 0.</summary>
    /// <param name="input">A ragged input.</param>
    /// <param name="length">Slots of a window.</param>
    /// <param name="side">Where the padding stands.</param>
    /// <param name="sequences">One window a row.</param>
    public Indices Windows(int input, int length, PaddingSide side, out Ragged sequences)
    {
        var column = (IdColumn)Batch[input];
        Indices windows = Workspace.TakeIndices(checked(Batch.Count * length));
        Span<int> slots = Workspace.Span(windows);
        slots.Clear();
        for (int row = 0; row < column.Count; row++)
        {
            ReadOnlySpan<int> history = column[row];
            history = history[^Math.Min(length, history.Length)..];
            history.CopyTo(slots[((row * length) + (side == PaddingSide.Left ? length - history.Length : 0))..]);
        }

        sequences = Workspace.TakeRagged(Batch.Count, length);
        return windows;
    }

    /// <summary>One row a sequence: offsets 0, 1, .. count.</summary>
    public Ragged OneRowEach(int count) => Workspace.TakeRagged(count, 1);

    internal Result this[int output] => _results[output];

    internal readonly record struct Result(bool IsGiven, Tensor Values, Indices Ids);
}
