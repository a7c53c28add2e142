using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>One table of one field: from ids or numbers to rows. A row that is not wanted (null) is not computed.</summary>
internal sealed class FieldLookup
{
    private readonly Device _device;
    private readonly PoolKind _pooling;
    private readonly Table? _rows;
    private readonly LinearWeights? _value;

    /// <summary>Prepares the table of a field, [ids, columns], or [1, columns] for a value.</summary>
    public FieldLookup(Device device, Field field, Parameter table, PoolKind pooling)
    {
        _device = device;
        _pooling = pooling;
        if (field.Kind == FieldKind.Value)
            _value = device.CreateLinear(table.Transpose(), null);
        else
            _rows = device.CreateTable(table);
    }

    /// <summary>The row of each id.</summary>
    public void Token(Workspace workspace, Indices ids, Tensor? output)
    {
        if (output is { } y)
            _device.Embed(workspace, ids, _rows!, y);
    }

    /// <summary>The pooled rows of each list; 0 for an empty one.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="ids">The ids of all lists.</param>
    /// <param name="lists">Which ids form a list.</param>
    /// <param name="most">How many ids there may be: memory is taken for so many.</param>
    /// <param name="output">[lists, columns], or null.</param>
    public void List(Workspace workspace, Indices ids, Ragged lists, int most, Tensor? output)
    {
        if (output is not { } y)
            return;
        using WorkspaceFrame frame = workspace.Frame();
        Tensor rows = workspace.Take(most, _rows!.ColumnCount).Rows(0, ids.Count);
        _device.Embed(workspace, ids, _rows, rows);
        _device.Pool(workspace, rows, lists, _pooling, y);
    }

    /// <summary>Each number times the row.</summary>
    public void Value(Workspace workspace, Tensor numbers, Tensor? output)
    {
        if (output is { } y)
            _device.Linear(workspace, numbers, _value!, y);
    }
}
