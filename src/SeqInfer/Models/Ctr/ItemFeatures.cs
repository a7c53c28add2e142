using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>
/// The fields of all items, which are given when a model is loaded ("item_features"), but for the item's id, which is the row's number.
/// What depends on an item alone is computed from them once.
/// </summary>
internal sealed class ItemFeatures
{
    /// <summary>What stands before the names of item features in <see cref="ModelData"/>.</summary>
    public const string Prefix = "item_features.";

    private const int ChunkRows = 1024;

    private readonly Device _device;
    private readonly ModelData _data;
    private readonly ModelSignature _signature;
    private readonly IReadOnlyList<Field> _fields;
    private readonly Field _id;
    private readonly Parameter? _idTable;
    private readonly FieldEncoder _encoder;

    /// <summary>Checks what is given.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="data">Holds the features.</param>
    /// <param name="fields">The item's fields.</param>
    /// <param name="id">The one that is the item's id.</param>
    /// <param name="vectors">Tables of vectors, or null.</param>
    /// <param name="weights">Tables of first-order weights, or null.</param>
    /// <param name="weightPooling">How first-order weights of a list become one; null: as vectors do.</param>
    /// <exception cref="InputException">Features are missing or of another size.</exception>
    public ItemFeatures(
        Device device,
        ModelData data,
        IReadOnlyList<Field> fields,
        Field id,
        FieldTables? vectors,
        FieldTables? weights = null,
        PoolKind? weightPooling = null)
    {
        _device = device;
        _data = data;
        _fields = fields;
        _id = id;
        _idTable = vectors?[id];
        FieldTables tables = vectors ?? weights!;
        _signature = new ModelSignature(
            FieldEncoder.Inputs(fields, tables, Prefix), [new OutputSpec { Name = "vectors", Kind = OutputKind.PerRow }]);
        _encoder = new FieldEncoder(device, _signature, fields, vectors, weights, weightPooling, Prefix);
        Count = CountOf(tables[id].Rows);
        for (int i = 0; i < fields.Count; i++)
            Check(_signature.Inputs[i], fields[i]);
    }

    /// <summary>Number of items; ids are 0 .. <see cref="Count"/> - 1.</summary>
    public int Count { get; }

    /// <summary>Columns of an item's vector.</summary>
    public FieldLayout Layout => _encoder.Layout;

    /// <summary>The vectors of all items. Where the id is the only field, that is its table itself.</summary>
    public Table CreateVectors() => _device.CreateTable(_fields.Count == 1
        ? _idTable!
        : Compute(Layout.Width, (workspace, vectors, _, output) => _device.Apply(workspace, vectors, Activation.None, output)));

    /// <summary>Computes something for every item.</summary>
    /// <param name="width">How many values an item gets.</param>
    /// <param name="compute">Fills them, some items at a time: workspace, vectors, first-order weights, result.</param>
    /// <returns>[items, width].</returns>
    public Parameter Compute(int width, Action<Workspace, Tensor, Tensor, Tensor> compute)
    {
        double[] values = new double[checked(Count * width)];
        var batch = new Batch(_signature);
        using Workspace planner = Device.CreatePlanner();
        Fill(batch, 0, Math.Min(ChunkRows, Count));
        _ = Run(planner, batch, width, compute);
        using Workspace workspace = _device.CreateWorkspace(Measure(planner, batch, width, compute));
        for (int first = 0; first < Count; first += ChunkRows)
        {
            int rows = Math.Min(ChunkRows, Count - first);
            Fill(batch, first, rows);
            Tensor result = Run(workspace, batch, width, compute);
            _device.Read(workspace, result, values.AsSpan(first * width, rows * width));
        }

        return Parameter.FromValues("item features", Count, width, values);
    }

    // Lists differ from chunk to chunk in how many ids they hold.
    private WorkspaceSize Measure(Workspace planner, Batch batch, int width, Action<Workspace, Tensor, Tensor, Tensor> compute)
    {
        for (int first = ChunkRows; first < Count; first += ChunkRows)
        {
            Fill(batch, first, Math.Min(ChunkRows, Count - first));
            _ = Run(planner, batch, width, compute);
        }

        return planner.Peak;
    }

    private Tensor Run(Workspace workspace, Batch batch, int width, Action<Workspace, Tensor, Tensor, Tensor> compute)
    {
        var pass = new ForwardPass(_signature, _device, workspace);
        pass.Begin(batch, default);
        Tensor result = workspace.Take(batch.Count, width);
        Tensor vectors = workspace.Take(batch.Count, Layout.Width);
        Tensor weights = workspace.Take(batch.Count, Layout.FirstOrderWidth);
        _encoder.Forward(pass, vectors, weights);
        compute(workspace, vectors, weights, result);
        return result;
    }

    private void Fill(Batch batch, int first, int rows)
    {
        batch.Clear();
        for (int i = 0; i < _fields.Count; i++)
        {
            string name = _signature.Inputs[i].Name;
            for (int row = first; row < first + rows; row++)
            {
                if (_fields[i] == _id)
                    ((IdColumn)batch[i]).Add(row);
                else if (batch[i] is IdColumn ids)
                    ids.Add(Row(_data.Ids(name, out _, out int columns), row, columns));
                else
                    ((ValueColumn)batch[i]).Add(Row(_data.Values(name, out _, out int columns), row, columns));
            }
        }
    }

    private static ReadOnlySpan<T> Row<T>(ReadOnlySpan<T> matrix, int row, int columns) => matrix.Slice(row * columns, columns);

    private int CountOf(int idRows)
    {
        int count = -1;
        foreach ((Field field, InputSpec input) in _fields.Zip(_signature.Inputs).Where(pair => pair.First != _id))
        {
            int rows = RowsOf(input, field);
            if (count >= 0 && rows != count)
                throw new InputException(input.Name, $"has {rows} rows, another item feature has {count}; expected one row an item id");
            count = rows;
        }

        return count <= idRows
            ? count < 0 ? idRows : count
            : throw new InputException(Prefix.TrimEnd('.'), $"{count} rows for the {idRows} ids of '{_id.Name}'");
    }

    private int RowsOf(InputSpec input, Field field)
    {
        int rows;
        int columns;
        if (input.Kind == InputKind.Values)
            _ = _data.Values(input.Name, out rows, out columns);
        else
            _ = _data.Ids(input.Name, out rows, out columns);
        return input.Kind == InputKind.RaggedIds || columns == input.Width
            ? rows
            : throw new InputException(input.Name, $"has {columns} values an item, the {field.Kind} field takes {input.Width}");
    }

    private void Check(InputSpec input, Field field)
    {
        if (field == _id || input.Kind == InputKind.Values)
            return;
        ReadOnlySpan<int> ids = _data.Ids(input.Name, out _, out int columns);
        int bad = ids.IndexOfAnyExceptInRange(input.MinId, input.MaxId);
        if (bad >= 0)
            throw new InputException(input.Name, $"item {bad / columns}: id {ids[bad]} is outside {input.MinId} .. {input.MaxId}");
    }
}
