using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>
/// Fields of a request to rows of features: the embedded fields in their order, then the dense ones; and, with tables of one column, the
/// same again for the first-order part: a weight for each embedded field, then the dense numbers.
/// </summary>
internal sealed class FieldEncoder
{
    private readonly Device _device;
    private readonly ImmutableArray<Entry> _entries;

    /// <summary>Prepares the tables.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="signature">Where the fields' inputs stand.</param>
    /// <param name="fields">The fields, in the order of concatenation.</param>
    /// <param name="vectors">Their tables; null where only the first-order part is wanted.</param>
    /// <param name="weights">Their tables of one column; null where no first-order part is wanted.</param>
    /// <param name="weightPooling">How the weights of a list become one; null: as its vectors do.</param>
    /// <param name="prefix">What stands before a field's name in the signature.</param>
    public FieldEncoder(
        Device device,
        ModelSignature signature,
        IReadOnlyList<Field> fields,
        FieldTables? vectors,
        FieldTables? weights = null,
        PoolKind? weightPooling = null,
        string prefix = "")
    {
        _device = device;
        Layout = new FieldLayout(fields, vectors is null ? 0 : fields.Where(field => field.IsEmbedded).Select(field => vectors[field].Columns).FirstOrDefault());
        _entries =
        [
            .. fields.Select(field => new Entry(
                field,
                signature.IndexOfInput(prefix + field.Name),
                vectors is null || !field.IsEmbedded ? null : new FieldLookup(device, field, vectors[field], field.Pooling),
                weights is null || !field.IsEmbedded ? null : new FieldLookup(device, field, weights[field], weightPooling ?? field.Pooling))),
        ];
    }

    /// <summary>Which columns belong to which field.</summary>
    public FieldLayout Layout { get; }

    /// <summary>The inputs of a list of fields. In lists, -1 fills up and counts as little as the padding's id.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="tables">Any tables of theirs, for the numbers of ids.</param>
    /// <param name="prefix">What stands before the names.</param>
    public static IEnumerable<InputSpec> Inputs(IEnumerable<Field> fields, FieldTables tables, string prefix = "") =>
        fields.Select(field => field.Kind switch
        {
            FieldKind.Token => new InputSpec { Name = prefix + field.Name, Kind = InputKind.Ids, Width = 1, MaxId = tables[field].Rows - 1 },
            FieldKind.Multi => new InputSpec
            {
                Name = prefix + field.Name,
                Kind = InputKind.RaggedIds,
                MinId = -1,
                MaxId = tables[field].Rows - 1,
            },
            FieldKind.Value => new InputSpec { Name = prefix + field.Name, Kind = InputKind.Values, Width = 1 },
            _ => new InputSpec { Name = prefix + field.Name, Kind = InputKind.Values, Width = field.Size },
        });

    /// <summary>Encodes every row of the request.</summary>
    /// <param name="pass">The request.</param>
    /// <param name="vectors">[batch, columns of the layout], or null.</param>
    /// <param name="weights">[batch, first-order columns of the layout], or null.</param>
    public void Forward(ForwardPass pass, Tensor? vectors, Tensor? weights = null)
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            Entry entry = _entries[i];
            Tensor? vector = vectors?.Columns(Layout.Starts[i], Layout.Widths[i]);
            Tensor? weight = weights?.Columns(Layout.FirstOrderStarts[i], Layout.FirstOrderWidths[i]);
            Encode(pass, entry, vector, weight);
        }
    }

    private void Encode(ForwardPass pass, Entry entry, Tensor? vector, Tensor? weight)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        BatchColumn column = pass.Batch[entry.Input];
        switch (entry.Field.Kind)
        {
            case FieldKind.Token:
                ReadOnlySpan<int> tokens = ((IdColumn)column).Ids;
                Indices ids = workspace.TakeIndices(tokens.Length);
                tokens.CopyTo(workspace.Span(ids));
                entry.Vector?.Token(workspace, ids, vector);
                entry.Weight?.Token(workspace, ids, weight);
                break;
            case FieldKind.Multi:
                Ragged lists = TakeLists(workspace, (IdColumn)column, entry.Field.PadId, out Indices listed, out int most);
                entry.Vector?.List(workspace, listed, lists, most, vector);
                entry.Weight?.List(workspace, listed, lists, most, weight);
                break;
            case FieldKind.Value:
                Tensor numbers = workspace.Take(column.Count, 1);
                _device.Write(workspace, ((ValueColumn)column).Values, numbers);
                entry.Vector?.Value(workspace, numbers, vector);
                entry.Weight?.Value(workspace, numbers, weight);
                break;
            default:
                if (vector is { } dense)
                    _device.Write(workspace, ((ValueColumn)column).Values, dense);
                if (weight is { } denseAgain)
                    _device.Write(workspace, ((ValueColumn)column).Values, denseAgain);
                break;
        }
    }

    // The ids that count. Memory is taken for all of them, so that it follows from the batch's sizes.
    private static Ragged TakeLists(Workspace workspace, IdColumn column, int padId, out Indices ids, out int most)
    {
        most = column.Ids.Length;
        Indices offsets = workspace.TakeIndices(column.Count + 1);
        Indices all = workspace.TakeIndices(most);
        Span<int> ends = workspace.Span(offsets);
        Span<int> target = workspace.Span(all);
        ends[0] = 0;
        int count = 0;
        int longest = 0;
        for (int row = 0; row < column.Count; row++)
        {
            foreach (int id in column[row])
            {
                if (id != padId && id >= 0)
                    target[count++] = id;
            }

            ends[row + 1] = count;
            longest = Math.Max(longest, count - ends[row]);
        }

        ids = all.Slice(0, count);
        return new Ragged(offsets, count, longest);
    }

    private sealed record Entry(Field Field, int Input, FieldLookup? Vector, FieldLookup? Weight);
}
