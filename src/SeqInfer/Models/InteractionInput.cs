using System.Runtime.InteropServices;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>What stands in the column of an item that a user has interacted with.</summary>
internal enum InteractionValue
{
    /// <summary>1, however often the item is named.</summary>
    Binary,

    /// <summary>1, the whole row divided by its length.</summary>
    BinaryL2Normalized,

    /// <summary>The rating given with the item.</summary>
    Rating,
}

/// <summary>
/// The input of an autoencoder over a user's items: a sparse row with a column for every item. Inputs "items" and, for ratings, "ratings".
/// </summary>
/// <param name="device">Where it runs.</param>
/// <param name="value">What stands in a column.</param>
/// <param name="firstColumnId">The item id of column 0.</param>
internal sealed class InteractionInput(Device device, InteractionValue value, int firstColumnId)
{
    /// <summary>Input: one rating for each of "items".</summary>
    public const string RatingsInput = "ratings";

    private const int ItemsIndex = 0;
    private const int RatingsIndex = 1;

    /// <summary>Its inputs; they are the first of the model.</summary>
    public static IEnumerable<InputSpec> Inputs(InteractionValue value, int firstId, int lastId)
    {
        yield return new InputSpec { Name = SequenceEncoder.ItemsInput, Kind = InputKind.RaggedIds, MinId = firstId, MaxId = lastId };
        if (value == InteractionValue.Rating)
            yield return new InputSpec { Name = RatingsInput, Kind = InputKind.RaggedValues, ParallelTo = SequenceEncoder.ItemsInput };
    }

    /// <summary>The columns that are not 0, user after user.</summary>
    /// <param name="pass">The request.</param>
    /// <param name="columns">Receives the columns; -1 where an item was named before.</param>
    /// <param name="values">Receives their values, [columns, 1]; null: all 1.</param>
    public Ragged Read(ForwardPass pass, out Indices columns, out Tensor? values)
    {
        Workspace workspace = pass.Workspace;
        Ragged users = pass.Sequences(ItemsIndex, out columns);
        values = value == InteractionValue.Binary ? null : workspace.Take(columns.Count, 1);
        Span<int> ids = workspace.Span(columns);
        foreach (ref int id in ids)
            id -= firstColumnId;

        if (value == InteractionValue.Rating)
        {
            device.Write(workspace, ((RaggedValueColumn)pass.Batch[RatingsIndex]).Values, values!.Value);
            return users;
        }

        Indices memory = workspace.TakeIndices(columns.Count);
        Span<float> lengths = MemoryMarshal.Cast<int, float>(workspace.Span(memory));
        ids = workspace.Span(columns);
        ReadOnlySpan<int> offsets = workspace.Span(users.Offsets);
        for (int user = 0; user < users.Count; user++)
        {
            Range row = offsets[user]..offsets[user + 1];
            int distinct = SortDistinct(ids[row]);
            lengths[row].Fill((float)(1 / Math.Sqrt(Math.Max(1, distinct))));
        }

        if (values is { } factors)
            device.Write(workspace, lengths, factors);
        return users;
    }

    // In ascending order, so that the sum over a history does not depend on the order of its events.
    private static int SortDistinct(Span<int> columns)
    {
        columns.Sort();
        int distinct = 0;
        int last = -1;
        foreach (ref int column in columns)
        {
            if (column == last)
            {
                column = -1;
                continue;
            }

            last = column;
            distinct++;
        }

        return distinct;
    }
}
