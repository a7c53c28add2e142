using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>
    /// y[i] = activation([aggregate of the neighbours' rows of node i | own[i]] W^T + b): a step of message passing and the linear layer over what
    /// it gives, without writing that down.
    /// </summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[nodes that send, columns].</param>
    /// <param name="adjacency">Who the neighbours are.</param>
    /// <param name="kind">How their rows become one. Only a sum takes edge weights.</param>
    /// <param name="weights">W [out, columns + own columns] and b [out].</param>
    /// <param name="output">[nodes that receive, out], apart from all inputs.</param>
    /// <param name="activation">Applied last.</param>
    /// <param name="own">[nodes that receive, own columns]: what stands beside the aggregate; null for nothing.</param>
    /// <exception cref="ArgumentException">A shape does not fit, a neighbour is not a row of the input or windows overlap.</exception>
    public void AggregateLinear(
        Workspace workspace,
        in NodeRows input,
        in Adjacency adjacency,
        AggregateKind kind,
        LinearWeights weights,
        Tensor output,
        Activation activation = default,
        NodeRows? own = null)
    {
        Begin(workspace, weights);
        CheckRows(workspace, input, output, nameof(input));
        int rows = CheckAdjacency(workspace, adjacency, input.RowCount);
        CheckAggregate(adjacency, kind);
        int columns = input.ColumnCount;
        if (own is { } beside)
        {
            CheckRows(workspace, beside, output, nameof(own));
            if (beside.RowCount != rows)
                throw new ArgumentException($"{beside.RowCount} rows stand beside the aggregates of {rows} nodes", nameof(own));
            columns += beside.ColumnCount;
        }

        if (columns != weights.InputSize)
            throw new ArgumentException($"the layer takes {weights.InputSize} columns, but the rows have {columns}", nameof(weights));
        CheckOutput(workspace, output, rows, weights.OutputSize);
        CheckApart(adjacency.Weights, (Tensor?)output);
        if (!output.IsEmpty)
            AggregateLinearCore(workspace, input, adjacency, kind, weights, output, activation, own);
    }

    /// <summary>The rows as a window: their own, or one taken from the workspace and filled.</summary>
    /// <param name="workspace">Holds the window.</param>
    /// <param name="rows">Rows of this device.</param>
    /// <exception cref="ArgumentException">The rows are not of this workspace or device.</exception>
    internal Tensor Window(Workspace workspace, in NodeRows rows)
    {
        if (rows.Window is { } window)
            return window;
        Table table = rows.Table ?? throw new ArgumentException("there are no rows", nameof(rows));
        Tensor copy = workspace.Take(table.RowCount, table.ColumnCount);
        Indices all = workspace.TakeIndices(table.RowCount);
        Span<int> ids = workspace.Span(all);
        for (int i = 0; i < ids.Length; i++)
            ids[i] = i;
        Embed(workspace, all, table, copy);
        return copy;
    }

    /// <summary>
    /// Computes a checked convolution; this one aggregates, then multiplies. A device that never writes the aggregates down overrides it.
    /// While planning, it only takes its scratch.
    /// </summary>
    protected virtual void AggregateLinearCore(
        Workspace workspace,
        in NodeRows input,
        in Adjacency adjacency,
        AggregateKind kind,
        LinearWeights weights,
        Tensor output,
        Activation activation,
        NodeRows? own)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor x = Window(workspace, input);
        Tensor joined = workspace.Take(output.RowCount, weights.InputSize);
        Aggregate(workspace, x, adjacency, kind, joined.Columns(0, x.ColumnCount));
        if (own is { } beside)
            Apply(workspace, Window(workspace, beside), Activation.None, joined.Columns(x.ColumnCount, beside.ColumnCount));
        LinearCore(workspace, joined, weights, output, activation, null);
    }

    private void CheckRows(Workspace workspace, in NodeRows rows, Tensor output, string name)
    {
        if (rows.Table is { } table)
        {
            Begin(workspace, table);
            return;
        }

        Tensor window = rows.Window ?? throw new ArgumentException($"{name} has no rows", name);
        workspace.Check(window, name);
        CheckApart(window, output);
    }
}
