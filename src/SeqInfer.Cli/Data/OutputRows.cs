using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Cli.Data;

/// <summary>The values of an output, sorted to the rows of the batch they belong to.</summary>
internal static class OutputRows
{
    /// <summary>The values of one row: of all its candidates, or layer after layer where there are layers.</summary>
    /// <param name="all">All values of the output.</param>
    /// <param name="spec">The output.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="batch">The request.</param>
    /// <param name="row">The row of the batch.</param>
    public static double[] Of(double[] all, OutputSpec spec, int columns, Batch batch, int row)
    {
        switch (spec.Kind)
        {
            case OutputKind.PerCandidate:
                IdColumn candidates = batch.Ids(RankingHead.CandidatesInput);
                return candidates.Count == 0 ? [] : all[(candidates.Offsets[row] * columns)..(candidates.Offsets[row + 1] * columns)];
            case OutputKind.PerEvent:
                var events = (IdColumn)batch[0];
                return all[(events.Offsets[row] * columns)..(events.Offsets[row + 1] * columns)];
            case OutputKind.PerLayer:
                int count = batch.Count;
                return [.. Enumerable.Range(0, spec.LayerCount).SelectMany(layer => new ArraySegment<double>(all, ((layer * count) + row) * columns, columns))];
            default:
                return all[(row * columns)..((row + 1) * columns)];
        }
    }
}
