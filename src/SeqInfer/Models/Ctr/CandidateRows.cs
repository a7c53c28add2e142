using SeqInfer.Tensors;

namespace SeqInfer.Models.Ctr;

/// <summary>Which row each candidate belongs to.</summary>
internal static class CandidateRows
{
    /// <summary>For each candidate its row.</summary>
    public static Indices Take(Workspace workspace, Ragged candidates)
    {
        Indices rowOf = workspace.TakeIndices(candidates.RowCount);
        Span<int> target = workspace.Span(rowOf);
        ReadOnlySpan<int> offsets = workspace.Span(candidates.Offsets);
        for (int row = 0; row < candidates.Count; row++)
            target[offsets[row]..offsets[row + 1]].Fill(row);
        return rowOf;
    }
}
