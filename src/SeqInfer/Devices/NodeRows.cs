using SeqInfer.Tensors;

namespace SeqInfer.Devices;

/// <summary>One row a node of a graph: a window, or all rows of a table, which a device may read in place.</summary>
public readonly record struct NodeRows
{
    /// <summary>Rows in the workspace.</summary>
    public NodeRows(Tensor window) => Window = window;

    /// <summary>Row i of the table is that of node i.</summary>
    public NodeRows(Table table) => Table = table;

    /// <summary>The window, or null where the rows are a table's.</summary>
    public Tensor? Window { get; }

    /// <summary>The table, or null where the rows lie in a window.</summary>
    public Table? Table { get; }

    /// <summary>Number of nodes.</summary>
    public int RowCount => Table?.RowCount ?? Window?.RowCount ?? 0;

    /// <summary>Elements of a row.</summary>
    public int ColumnCount => Table?.ColumnCount ?? Window?.ColumnCount ?? 0;
}
