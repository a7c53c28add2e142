using System.Collections.Immutable;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void ScoreCore(Workspace workspace, Tensor queries, Catalogue catalogue, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        Matrix y = At(workspace, output);
        for (int row = 0; row < y.RowCount; row++)
        {
            double[] query = At(workspace, queries).Row(row).ToArray();
            for (int item = 0; item < catalogue.RowCount; item++)
                y[row, item] = ScoreOf(query, catalogue, item);
        }
    }

    /// <inheritdoc/>
    protected override void ScoreCandidatesCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, Indices candidates, Ragged sequences, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        ReadOnlySpan<int> items = workspace.Span(candidates);
        Matrix y = At(workspace, output);
        for (int row = 0; row < sequences.Count; row++)
        {
            double[] query = At(workspace, queries).Row(row).ToArray();
            for (int i = offsets[row]; i < offsets[row + 1]; i++)
                y[i, 0] = items[i] < 0 ? double.NegativeInfinity : ScoreOf(query, catalogue, items[i]);
        }
    }

    /// <inheritdoc/>
    protected override void TopKCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, int k, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores)
    {
        if (workspace.IsPlanning)
            return;
        for (int row = 0; row < queries.RowCount; row++)
        {
            double[] query = At(workspace, queries).Row(row).ToArray();
            HashSet<int> hidden = [.. catalogue.Options.ExcludedIds, .. ExcludedFor(workspace, row, excluded, exclusions)];
            double[] all = [.. Enumerable.Range(0, catalogue.RowCount).Select(id => ScoreOf(query, catalogue, id))];
            Rank(all, hidden, workspace.Span(ids).Slice(row * k, k), At(workspace, scores).Row(row));
        }
    }

    /// <inheritdoc/>
    protected override void SelectTopKCore(
        Workspace workspace,
        Tensor values,
        int k,
        ImmutableArray<int> never,
        Indices excluded,
        Ragged? exclusions,
        Indices ids,
        Tensor scores)
    {
        if (workspace.IsPlanning)
            return;
        for (int row = 0; row < values.RowCount; row++)
        {
            HashSet<int> hidden = [.. never, .. ExcludedFor(workspace, row, excluded, exclusions)];
            Rank(At(workspace, values).Row(row).ToArray(), hidden, workspace.Span(ids).Slice(row * k, k), At(workspace, scores).Row(row));
        }
    }

    private static void Rank(double[] scores, HashSet<int> hidden, Span<int> bestIds, Span<double> bestScores)
    {
        (double Score, int Id)[] best = [.. scores
            .Select((score, id) => (Score: score, Id: id))
            .Where(item => !hidden.Contains(item.Id) && !double.IsNaN(item.Score))
            .OrderByDescending(item => item.Score)
            .ThenBy(item => item.Id)
            .Take(bestIds.Length)];
        for (int rank = 0; rank < bestIds.Length; rank++)
            (bestScores[rank], bestIds[rank]) = rank < best.Length ? best[rank] : (double.NegativeInfinity, -1);
    }

    private static int[] ExcludedFor(Workspace workspace, int row, Indices excluded, Ragged? exclusions)
    {
        if (exclusions is not { } lists)
            return [];
        ReadOnlySpan<int> offsets = workspace.Span(lists.Offsets);
        return workspace.Span(excluded)[offsets[row]..offsets[row + 1]].ToArray();
    }

    private static double ScoreOf(double[] query, Catalogue catalogue, int id)
    {
        ReferenceCatalogue items = (ReferenceCatalogue)catalogue;
        double[] item = items[id];
        switch (catalogue.Options.Similarity)
        {
            case Similarity.Dot:
                return Dot(query, item) + (items.Bias?[id] ?? 0);
            case Similarity.Cosine:
                double lengths = Math.Sqrt(Dot(query, query)) * Math.Sqrt(Dot(item, item));
                return lengths == 0 ? 0 : Dot(query, item) / lengths;
            case Similarity.NegL2Squared:
                double score = 0;
                for (int column = 0; column < query.Length; column++)
                    score -= (query[column] - item[column]) * (query[column] - item[column]);
                return score;
            default:
                throw new ArgumentOutOfRangeException(nameof(catalogue), catalogue.Options.Similarity, null);
        }
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int column = 0; column < left.Length; column++)
            sum += left[column] * right[column];
        return sum;
    }
}
