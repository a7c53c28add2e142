using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>The rows that a Transformer over items computes for a batch of histories.</summary>
/// <param name="Sequences">Which rows form a history; nothing is padded, unless padding has to be computed.</param>
/// <param name="Ids">The id of every row.</param>
/// <param name="Positions">The row of the position table of every row.</param>
/// <param name="Last">The row of every history's newest event.</param>
/// <param name="PaddingCounts">How many slots of every history's window hold padding.</param>
internal readonly record struct TransformerWindows(Ragged Sequences, Indices Ids, Indices Positions, Indices Last, Indices PaddingCounts)
{
    /// <summary>The id of padding inside the model.</summary>
    public const int PaddingId = 0;

    /// <summary>Cuts the histories of an input to the window, appends the mask token where the model does, and numbers the slots.</summary>
    public static TransformerWindows Create(ForwardPass pass, int input, TransformerOptions options)
    {
        Workspace workspace = pass.Workspace;
        var histories = (IdColumn)pass.Batch[input];
        int batch = pass.Batch.Count;
        Indices offsets = workspace.TakeIndices(batch + 1);
        Indices last = workspace.TakeIndices(batch);
        Indices padding = workspace.TakeIndices(batch);
        Span<int> ends = workspace.Span(offsets);
        ends[0] = 0;
        int longest = 0;
        for (int row = 0; row < batch; row++)
        {
            int length = LengthOf(histories[row].Length, options);
            int rows = RowsOf(histories[row], length, options, workspace.IsPlanning);
            ends[row + 1] = checked(ends[row] + rows);
            workspace.Span(last)[row] = ends[row + 1] - 1 - (options.PaddingSide == PaddingSide.Right ? Math.Max(0, rows - length) : 0);
            workspace.Span(padding)[row] = options.MaxLength - length;
            longest = Math.Max(longest, rows);
        }

        int total = workspace.Span(offsets)[batch];
        Indices ids = workspace.TakeIndices(total);
        Indices positions = workspace.TakeIndices(total);
        for (int row = 0; row < batch && !workspace.IsPlanning; row++)
        {
            int start = workspace.Span(offsets)[row];
            int rows = workspace.Span(offsets)[row + 1] - start;
            Fill(histories[row], workspace.Span(ids).Slice(start, rows), workspace.Span(positions).Slice(start, rows), options);
        }

        return new TransformerWindows(new Ragged(offsets, total, longest), ids, positions, last, padding);
    }

    /// <summary>The windows of a run of histories, their rows counted from its first one.</summary>
    public TransformerWindows Part(in SequenceBlocks block) => new(
        block.TakeSequences(),
        Ids.Slice(block.FirstRow, block.RowCount),
        Positions.Slice(block.FirstRow, block.RowCount),
        block.TakeRows(Last),
        PaddingCounts.Slice(block.First, block.Count));

    // The slot of the mask comes on top of the window and the first slot is dropped: with padding on the left that is padding unless the
    // window is full, with padding on the right it is the oldest event in any case.
    private static int LengthOf(int events, TransformerOptions options) =>
        options.AppendedId is not null && options.PaddingSide == PaddingSide.Left
            ? Math.Min(events, options.MaxLength - 1) + 1
            : Math.Clamp(events, 1, options.MaxLength);

    // While planning, ids are not known: none is taken for padding.
    private static int RowsOf(ReadOnlySpan<int> history, int length, TransformerOptions options, bool isPlanning)
    {
        if (options.ComputesPadding)
            return options.MaxLength;
        if (!options.SkipsPadding || isPlanning)
            return length;
        ReadOnlySpan<int> events = Events(history, length, options);
        return length - events[..Math.Min(events.Length, length - 1)].Count(PaddingId);
    }

    private static void Fill(ReadOnlySpan<int> history, Span<int> ids, Span<int> positions, TransformerOptions options)
    {
        int length = LengthOf(history.Length, options);
        int first = options.PaddingSide == PaddingSide.Left ? options.MaxLength - length : 0;
        (int from, int to) = options.ComputesPadding ? (0, options.MaxLength) : (first, first + length);
        ReadOnlySpan<int> events = Events(history, length, options);
        int behindEvents = options.AppendedId ?? options.EmptyId;
        bool skips = options.SkipsPadding;
        int row = 0;
        for (int slot = from; slot < to; slot++)
        {
            int place = slot - first;
            int id = (uint)place >= (uint)length ? PaddingId : place < events.Length ? events[place] : behindEvents;
            if (skips && id == PaddingId && slot < to - 1)
                continue;
            ids[row] = id;
            positions[row] = options.PositionOf(id, slot);
            row++;
        }
    }

    // The events of a history that stand in its window.
    private static ReadOnlySpan<int> Events(ReadOnlySpan<int> history, int length, TransformerOptions options)
    {
        int count = options.AppendedId is null ? Math.Min(history.Length, length) : length - 1;
        return history[^count..];
    }
}
