using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>y[r] = left[leftRows[r]] (operation) right[rightRows[r]], element by element: pairs of rows of two matrices.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="left">[n, columns].</param>
    /// <param name="leftRows">One row number of <paramref name="left"/> a pair, 0 .. n - 1.</param>
    /// <param name="right">[m, columns].</param>
    /// <param name="rightRows">One row number of <paramref name="right"/> a pair, 0 .. m - 1.</param>
    /// <param name="operation">Which operation.</param>
    /// <param name="output">[pairs, columns], apart from both inputs.</param>
    /// <exception cref="ArgumentException">A shape does not fit, a row is outside its matrix or windows overlap.</exception>
    public void CombineRows(
        Workspace workspace, Tensor left, Indices leftRows, Tensor right, Indices rightRows, BinaryOperation operation, Tensor output)
    {
        Begin(workspace);
        workspace.Check(left, nameof(left));
        CheckInput(workspace, right, left.ColumnCount, nameof(right));
        workspace.Check(leftRows, nameof(leftRows));
        workspace.Check(rightRows, nameof(rightRows));
        if (leftRows.Count != rightRows.Count)
            throw new ArgumentException($"{leftRows.Count} rows of the left matrix, {rightRows.Count} of the right one", nameof(rightRows));
        CheckOutput(workspace, output, leftRows.Count, left.ColumnCount);
        CheckApart(left, output);
        CheckApart(right, output);
        CheckRows(workspace, leftRows, left.RowCount, nameof(leftRows));
        CheckRows(workspace, rightRows, right.RowCount, nameof(rightRows));
        if (!output.IsEmpty)
            CombineRowsCore(workspace, left, leftRows, right, rightRows, operation, output);
    }

    /// <summary>
    /// Combines checked pairs: copied, then combined. A device that reads the pairs where they lie overrides it.
    /// While planning, it only takes its scratch.
    /// </summary>
    protected virtual void CombineRowsCore(
        Workspace workspace, Tensor left, Indices leftRows, Tensor right, Indices rightRows, BinaryOperation operation, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor second = workspace.Take(output.RowCount, output.ColumnCount);
        GatherRows(workspace, left, leftRows, output);
        GatherRows(workspace, right, rightRows, second);
        Combine(workspace, output, second, operation, output);
    }

    private static void CheckRows(Workspace workspace, Indices rows, int count, string name)
    {
        if (workspace.IsPlanning)
            return;
        ReadOnlySpan<int> values = workspace.Span(rows);
        int bad = values.IndexOfAnyExceptInRange(0, count - 1);
        if (bad >= 0)
            throw new ArgumentException($"{name}[{bad}] is {values[bad]}, expected 0 .. {count - 1}", name);
    }
}
