using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>The rows that a BERT computes for a batch: the slots that its attention mask shows.</summary>
/// <param name="Sequences">Which rows form a sequence.</param>
/// <param name="Ids">The token of every row.</param>
/// <param name="Places">The row of the table of places of every row: type * slots + slot.</param>
/// <param name="OfSlots">For every slot of the batch its row, or -1 where the mask hides it.</param>
internal readonly record struct BertRows(Ragged Sequences, Indices Ids, Indices Places, Indices OfSlots)
{
    /// <summary>Leaves out what the mask hides.</summary>
    /// <param name="workspace">Holds the indices.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="mask">1 where a token is seen; without rows where all are.</param>
    /// <param name="types">The type of every token; without rows where all are 0.</param>
    /// <param name="slotCount">Slots that a type has in the table of places.</param>
    public static BertRows Create(Workspace workspace, IdColumn tokens, IdColumn mask, IdColumn types, int slotCount)
    {
        int total = tokens.Ids.Length;
        Indices offsets = workspace.TakeIndices(tokens.Count + 1);
        Indices ids = workspace.TakeIndices(total);
        Indices places = workspace.TakeIndices(total);
        Indices ofSlots = workspace.TakeIndices(total);
        Span<int> ends = workspace.Span(offsets);
        ends[0] = 0;
        int row = 0;
        int longest = 0;
        for (int sequence = 0; sequence < tokens.Count; sequence++)
        {
            int first = tokens.Offsets[sequence];
            for (int slot = 0; slot < tokens[sequence].Length; slot++)
            {
                int at = first + slot;
                bool isSeen = mask.Count == 0 || mask.Ids[at] == 1;
                workspace.Span(ofSlots)[at] = isSeen ? row : -1;
                if (!isSeen)
                    continue;
                workspace.Span(ids)[row] = tokens.Ids[at];
                workspace.Span(places)[row] = ((types.Count == 0 ? 0 : types.Ids[at]) * slotCount) + slot;
                row++;
            }

            ends[sequence + 1] = row;
            longest = Math.Max(longest, row - ends[sequence]);
        }

        return new BertRows(new Ragged(offsets, row, longest), ids.Slice(0, row), places.Slice(0, row), ofSlots);
    }
}
