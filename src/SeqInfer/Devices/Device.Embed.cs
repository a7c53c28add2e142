using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>y[r] = scale * table[ids[r]]; a row of zeros where the id is -1.</summary>
    /// <param name="workspace">Holds ids and output.</param>
    /// <param name="ids">One id a row, -1 .. table rows - 1.</param>
    /// <param name="table">[rows, columns].</param>
    /// <param name="output">[ids, columns].</param>
    /// <param name="scale">Factor of the looked-up row.</param>
    /// <exception cref="ArgumentException">A shape does not fit or an id is outside the table.</exception>
    public void Embed(Workspace workspace, Indices ids, Table table, Tensor output, float scale = 1)
    {
        CheckEmbed(workspace, ids, table, output, nameof(ids));
        if (!workspace.IsPlanning && !output.IsEmpty)
            EmbedCore(workspace, ids, table, scale, default, null, output);
    }

    /// <summary>y[r] = scale * table[ids[r]] + positionTable[positions[r]]; an id or position of -1 stands for a row of zeros.</summary>
    /// <param name="workspace">Holds ids, positions and output.</param>
    /// <param name="ids">One id a row, -1 .. table rows - 1.</param>
    /// <param name="table">[rows, columns].</param>
    /// <param name="output">[ids, columns].</param>
    /// <param name="scale">Factor of the row of <paramref name="table"/>.</param>
    /// <param name="positions">One position a row, -1 .. position rows - 1.</param>
    /// <param name="positionTable">[positions, columns].</param>
    /// <exception cref="ArgumentException">A shape does not fit, or an id or position is outside its table.</exception>
    public void Embed(Workspace workspace, Indices ids, Table table, Tensor output, float scale, Indices positions, Table positionTable)
    {
        CheckEmbed(workspace, ids, table, output, nameof(ids));
        CheckEmbed(workspace, positions, positionTable, output, nameof(positions));
        if (!workspace.IsPlanning && !output.IsEmpty)
            EmbedCore(workspace, ids, table, scale, positions, positionTable, output);
    }

    /// <summary>y[r] = x[rows[r]]; a row of zeros where the row is -1.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[n, columns].</param>
    /// <param name="rows">One row number an output row, -1 .. n - 1.</param>
    /// <param name="output">[rows, columns], not overlapping the input.</param>
    /// <exception cref="ArgumentException">A shape does not fit, a row is outside the input or the windows overlap.</exception>
    public void GatherRows(Workspace workspace, Tensor input, Indices rows, Tensor output)
    {
        Begin(workspace);
        workspace.Check(input, nameof(input));
        workspace.Check(rows, nameof(rows));
        CheckOutput(workspace, output, rows.Count, input.ColumnCount);
        CheckApart(input, output);
        CheckIds(workspace, rows, input.RowCount, nameof(rows));
        if (!workspace.IsPlanning && !output.IsEmpty)
            GatherRowsCore(workspace, input, rows, output);
    }

    /// <summary>
    /// y[s] = sum over the ids i of bag s of weights[i] * table[ids[i]], as torch.nn.EmbeddingBag: a sparse row vector times a matrix.
    /// An id of -1 adds nothing; an empty bag gives zeros.
    /// </summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="ids">One id an entry, -1 .. table rows - 1.</param>
    /// <param name="bags">Which entries form a bag.</param>
    /// <param name="table">[rows, columns].</param>
    /// <param name="output">[bags, columns], apart from the weights.</param>
    /// <param name="weights">[ids, 1], without gaps; null: all 1.</param>
    /// <exception cref="ArgumentException">A shape does not fit, offsets are wrong or an id is outside the table.</exception>
    public void EmbedBag(Workspace workspace, Indices ids, Ragged bags, Table table, Tensor output, Tensor? weights = null)
    {
        Begin(workspace, table);
        CheckRagged(workspace, bags, nameof(bags));
        workspace.Check(ids, nameof(ids));
        if (ids.Count != bags.RowCount)
            throw new ArgumentException($"{ids.Count} ids, but the offsets end at {bags.RowCount}", nameof(ids));
        CheckInput(workspace, weights, ids.Count, 1, nameof(weights));
        if (weights is { Stride: not 1 })
            throw new ArgumentException("weights must lie without gaps: take them as a window of their own", nameof(weights));
        CheckOutput(workspace, output, bags.Count, table.ColumnCount);
        CheckApart(weights, (Tensor?)output);
        CheckIds(workspace, ids, table.RowCount, nameof(ids));
        if (!output.IsEmpty)
            EmbedBagCore(workspace, ids, bags, table, weights, output);
    }

    /// <summary>
    /// Sums checked bags: looked up, weighted, pooled. A device that never writes the rows down overrides it.
    /// While planning, it only takes its scratch.
    /// </summary>
    protected virtual void EmbedBagCore(Workspace workspace, Indices ids, Ragged bags, Table table, Tensor? weights, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor rows = workspace.Take(ids.Count, table.ColumnCount);
        Embed(workspace, ids, table, rows);
        if (weights is { } factors)
            ScaleRows(workspace, rows, factors, rows);
        Pool(workspace, rows, bags, PoolKind.Sum, output);
    }

    /// <summary>Looks up checked ids; <paramref name="positionTable"/> is null where nothing is added.</summary>
    protected abstract void EmbedCore(
        Workspace workspace, Indices ids, Table table, float scale, Indices positions, Table? positionTable, Tensor output);

    /// <summary>Copies checked rows.</summary>
    protected abstract void GatherRowsCore(Workspace workspace, Tensor input, Indices rows, Tensor output);

    private void CheckEmbed(Workspace workspace, Indices ids, Table table, Tensor output, string name)
    {
        Begin(workspace, table);
        workspace.Check(ids, name);
        CheckOutput(workspace, output, ids.Count, table.ColumnCount);
        CheckIds(workspace, ids, table.RowCount, name);
    }
}
