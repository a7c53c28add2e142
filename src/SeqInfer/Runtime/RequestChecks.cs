using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Runtime;

/// <summary>What can be said of a request before anything is computed.</summary>
internal static class RequestChecks
{
    /// <summary>Throws unless the batch is whole and within the limits.</summary>
    public static void Check(Batch batch, BatchLimits limits, OutputSet outputs, LongHistory longHistory)
    {
        batch.Validate();
        CheckLimit("rows", batch.Count, limits.MaxBatch);
        for (int i = 0; i < batch.Signature.Inputs.Length; i++)
        {
            if (batch[i] is IdColumn { Spec.Kind: InputKind.RaggedIds } column)
                CheckRagged(column, limits, longHistory);
        }

        for (int i = 0; i < batch.Signature.Outputs.Length; i++)
        {
            if (outputs.Contains(i) && !limits.Outputs.Contains(i))
                throw new ArgumentException($"the workspace has no room for the output '{batch.Signature.Outputs[i].Name}': name it in the limits it is made for", nameof(outputs));
            if (outputs.Contains(i) && batch.Signature.Outputs[i].Kind == OutputKind.TopK)
                CheckTopK(batch.TopK, limits);
        }
    }

    private static void CheckTopK(int k, BatchLimits limits)
    {
        if (k < 1)
            throw new InputException("k", $"{k} is not allowed; expected at least 1");
        CheckLimit("items a row", k, Math.Max(1, limits.MaxK));
    }

    private static void CheckRagged(IdColumn column, BatchLimits limits, LongHistory longHistory)
    {
        int most = column.Spec.MaxLength > 0 ? column.Spec.MaxLength : int.MaxValue;
        long used = 0;
        ReadOnlySpan<int> offsets = column.Offsets;
        for (int row = 0; row < column.Count; row++)
        {
            int length = offsets[row + 1] - offsets[row];
            if (length > most && (longHistory == LongHistory.Reject || !column.Spec.KeepsNewest))
                throw new InputException(column.Spec.Name, $"row {row} has {length} ids, the model takes at most {most}");
            used += Math.Min(length, most);
        }

        CheckLimit(column.Spec.Role switch
        {
            RaggedRole.Candidates => "candidates",
            RaggedRole.Exclusions => "excluded ids",
            _ => "events",
        }, used, limits.Of(column.Spec.Role));
    }

    private static void CheckLimit(string what, long needed, long capacity)
    {
        if (needed > capacity)
            throw new WorkspaceCapacityException(what, needed, capacity);
    }
}
