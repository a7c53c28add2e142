using System.Collections.Immutable;
using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>The first pass of catalogues that are made from here on and whose options leave it open.</summary>
    public CatalogueFirstPass CatalogueFirstPass { get; set; }

    /// <summary>The score of every item for every query.</summary>
    /// <param name="workspace">Holds both windows.</param>
    /// <param name="queries">[queries, columns].</param>
    /// <param name="catalogue">[items, columns].</param>
    /// <param name="output">[queries, items].</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void Score(Workspace workspace, Tensor queries, Catalogue catalogue, Tensor output)
    {
        Begin(workspace, catalogue);
        CheckInput(workspace, queries, catalogue.ColumnCount, nameof(queries));
        CheckOutput(workspace, output, queries.RowCount, catalogue.RowCount);
        CheckApart(queries, output);
        if (!output.IsEmpty)
            ScoreCore(workspace, queries, catalogue, output);
    }

    /// <summary>The score of chosen items: each query has its own candidates.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="queries">[queries, columns].</param>
    /// <param name="catalogue">[items, columns].</param>
    /// <param name="candidates">Ids of all candidates, query after query, 0 .. items - 1; -1 scores minus infinity.</param>
    /// <param name="sequences">Which candidates belong to which query.</param>
    /// <param name="output">[candidates, 1].</param>
    /// <exception cref="ArgumentException">A shape does not fit, an id is not in the catalogue or windows overlap.</exception>
    public void ScoreCandidates(
        Workspace workspace, Tensor queries, Catalogue catalogue, Indices candidates, Ragged sequences, Tensor output)
    {
        Begin(workspace, catalogue);
        CheckRagged(workspace, sequences, nameof(sequences));
        CheckInput(workspace, queries, sequences.Count, catalogue.ColumnCount, nameof(queries));
        workspace.Check(candidates, nameof(candidates));
        if (candidates.Count != sequences.RowCount)
            throw new ArgumentException($"{candidates.Count} candidates, but the offsets end at {sequences.RowCount}", nameof(candidates));
        CheckOutput(workspace, output, candidates.Count, 1);
        CheckIds(workspace, candidates, catalogue.RowCount, nameof(candidates));
        CheckApart(queries, output);
        if (!output.IsEmpty)
            ScoreCandidatesCore(workspace, queries, catalogue, candidates, sequences, output);
    }

    /// <summary>
    /// The k best items of every query, best first; equal scores: the lower id first. The catalogue's excluded ids never come back.
    /// Where fewer than k items are left, the rest has id -1 and score minus infinity. An item whose score is NaN never comes back.
    /// </summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="queries">[queries, columns].</param>
    /// <param name="catalogue">[items, columns].</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="excluded">Ids that must not come back, query after query, in any order, repeats allowed; ids outside the catalogue have no effect.</param>
    /// <param name="exclusions">Which of them belong to which query; null: none.</param>
    /// <param name="ids">Receives the ids, [queries, k] row after row.</param>
    /// <param name="scores">Receives the scores, [queries, k].</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void TopK(
        Workspace workspace, Tensor queries, Catalogue catalogue, int k, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores)
    {
        Begin(workspace, catalogue);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        CheckInput(workspace, queries, catalogue.ColumnCount, nameof(queries));
        CheckInput(workspace, scores, queries.RowCount, k, nameof(scores));
        workspace.Check(ids, nameof(ids));
        if (ids.Count != (long)queries.RowCount * k)
            throw new ArgumentException($"{ids.Count} places for {queries.RowCount} x {k} ids", nameof(ids));
        CheckApart(queries, scores);
        CheckExclusions(workspace, queries.RowCount, excluded, exclusions, ids);
        if (queries.RowCount > 0)
            TopKCore(workspace, queries, catalogue, k, excluded, exclusions, ids, scores);
    }

    /// <summary>
    /// The k largest values of every row, as <see cref="TopK"/> orders and fills them; the ids are column numbers. For scores that are not
    /// inner products with item vectors.
    /// </summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="values">[rows, items].</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="never">Columns that do not come back for any row.</param>
    /// <param name="excluded">Columns that must not come back, row after row, in any order, repeats allowed; others have no effect.</param>
    /// <param name="exclusions">Which of them belong to which row; null: none.</param>
    /// <param name="ids">Receives the ids, [rows, k] row after row.</param>
    /// <param name="scores">Receives the values, [rows, k], apart from the input.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void SelectTopK(
        Workspace workspace,
        Tensor values,
        int k,
        ImmutableArray<int> never,
        Indices excluded,
        Ragged? exclusions,
        Indices ids,
        Tensor scores)
    {
        Begin(workspace);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        workspace.Check(values, nameof(values));
        CheckInput(workspace, scores, values.RowCount, k, nameof(scores));
        workspace.Check(ids, nameof(ids));
        if (ids.Count != (long)values.RowCount * k)
            throw new ArgumentException($"{ids.Count} places for {values.RowCount} x {k} ids", nameof(ids));
        CheckApart(values, scores);
        CheckExclusions(workspace, values.RowCount, excluded, exclusions, ids);
        if (values.RowCount > 0)
            SelectTopKCore(workspace, values, k, never, excluded, exclusions, ids, scores);
    }

    /// <summary>
    /// Makes one list of the k best of several lists of k, as <see cref="TopK"/> gives them: for users with several queries each. An id that
    /// stands in more than one list counts once, with its best score.
    /// </summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="listCount">Lists of every user, at least 1.</param>
    /// <param name="listIds">[lists * users, k] row after row: the first list of all users, then the second, ...</param>
    /// <param name="listScores">[lists * users, k], best first; equal scores: the lower id first.</param>
    /// <param name="ids">Receives the ids, [users, k] row after row; -1 where the lists hold fewer than k.</param>
    /// <param name="scores">Receives the scores, [users, k].</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void MergeTopK(Workspace workspace, int listCount, Indices listIds, Tensor listScores, Indices ids, Tensor scores)
    {
        Begin(workspace);
        ArgumentOutOfRangeException.ThrowIfLessThan(listCount, 1);
        CheckInput(workspace, listScores, checked(listCount * scores.RowCount), scores.ColumnCount, nameof(listScores));
        workspace.Check(scores, nameof(scores));
        workspace.Check(listIds, nameof(listIds));
        workspace.Check(ids, nameof(ids));
        if (listIds.Count != listScores.ElementCount || ids.Count != scores.ElementCount)
            throw new ArgumentException($"{listIds.Count} and {ids.Count} places for {listScores.ElementCount} and {scores.ElementCount} ids", nameof(ids));
        CheckApart(listScores, scores);
        CheckApart(listIds, ids);
        if (!scores.IsEmpty)
            MergeTopKCore(workspace, listCount, listIds, listScores, ids, scores);
    }

    /// <summary>Scores checked windows. While planning, it only takes its scratch.</summary>
    protected abstract void ScoreCore(Workspace workspace, Tensor queries, Catalogue catalogue, Tensor output);

    /// <summary>Scores checked candidates. While planning, it only takes its scratch.</summary>
    protected abstract void ScoreCandidatesCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, Indices candidates, Ragged sequences, Tensor output);

    /// <summary>Merges checked lists. While planning, it only takes its scratch.</summary>
    protected abstract void MergeTopKCore(
        Workspace workspace, int listCount, Indices listIds, Tensor listScores, Indices ids, Tensor scores);

    /// <summary>Selects from checked windows. While planning, it only takes its scratch.</summary>
    protected abstract void TopKCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, int k, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores);

    /// <summary>Selects from checked values. While planning, it only takes its scratch.</summary>
    protected abstract void SelectTopKCore(
        Workspace workspace,
        Tensor values,
        int k,
        ImmutableArray<int> never,
        Indices excluded,
        Ragged? exclusions,
        Indices ids,
        Tensor scores);

    private static void CheckExclusions(Workspace workspace, int rows, Indices excluded, Ragged? exclusions, Indices ids)
    {
        if (exclusions is not { } ragged)
            return;
        CheckRagged(workspace, ragged, nameof(exclusions));
        workspace.Check(excluded, nameof(excluded));
        CheckApart(excluded, ids);
        CheckApart(ragged.Offsets, ids);
        if (ragged.Count != rows || ragged.RowCount != excluded.Count)
            throw new ArgumentException($"{ragged.Count} exclusion lists of {ragged.RowCount} ids for {rows} queries and {excluded.Count} ids", nameof(exclusions));
    }
}
