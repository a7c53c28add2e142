using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SeqInfer.Bench.Onnx;
using SeqInfer.Inputs;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Recording;

/// <summary>An input of a recorded graph.</summary>
/// <param name="Name">Name in the graph; that of the model's input, except for what padding needs.</param>
/// <param name="Element">Element type.</param>
/// <param name="Shape">Dimensions.</param>
internal sealed record GraphInput(string Name, OnnxElement Element, OnnxDimension[] Shape)
{
    /// <summary>What the input always holds, row after row; null where it comes with the request.</summary>
    public float[]? Values { get; init; }
}

/// <summary>
/// Knows which numbers of a forward pass come from the request and which are constants: values by where they lie, ids by what they are.
/// The ids of the recorded request must therefore look like nothing else; see <see cref="Recorder.Fill"/>.
/// </summary>
internal sealed class GraphInputs(OnnxGraph graph, Batch batch, SequenceShape shape)
{
    /// <summary>int64 [batch]: the row of each sequence's last event among the rows of all padded sequences.</summary>
    public const string LastRows = "last_rows";

    /// <summary>float [batch, 1, 1, length]: 0 for an event, minus infinity for padding.</summary>
    public const string KeyMask = "key_mask";

    private readonly Dictionary<string, GraphInput> _used = new(StringComparer.Ordinal);

    /// <summary>The inputs that the graph got so far.</summary>
    public IReadOnlyCollection<GraphInput> Used => _used.Values;

    /// <summary>Name of the input that these values are; fails for others, which no graph could have.</summary>
    public string Values(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < batch.Signature.Inputs.Length; i++)
        {
            if (batch[i] is ValueColumn column && IsSame(column.Values, values))
                return Get(column.Spec.Name, OnnxElement.Float, shape.BatchDimension, column.Spec.Width);
            if (batch[i] is RaggedValueColumn ragged && IsSame(ragged.Values, values))
            {
                return shape.IsBatchSymbolic
                    ? throw new RecordingException($"'{ragged.Spec.Name}' has values for each id, which need a fixed batch")
                    : Get(ragged.Spec.Name, OnnxElement.Float, values.Length, 1L);
            }
        }

        throw new RecordingException("values are written that are not a whole input of the request");
    }

    /// <summary>Name of the input [batch, ids a row] that these ids are, or null for constants.</summary>
    public string? Ids(ReadOnlySpan<int> ids, out int idsPerRow)
    {
        idsPerRow = 0;
        for (int i = 0; i < batch.Signature.Inputs.Length; i++)
        {
            if (batch[i] is IdColumn column && column.Count > 0 && column.Ids.SequenceEqual(ids))
            {
                idsPerRow = ids.Length / column.Count;
                return Get(column.Spec.Name, OnnxElement.Int64, shape.BatchDimension, idsPerRow);
            }
        }

        return null;
    }

    private static bool IsSame(ReadOnlySpan<float> column, ReadOnlySpan<float> values) => column.Length == values.Length
        && Unsafe.AreSame(ref MemoryMarshal.GetReference(column), ref MemoryMarshal.GetReference(values));

    /// <summary>Name of an input that holds all rows of a table: as a constant, all that follows from it would be computed at load.</summary>
    public string Data(Parameter rows)
    {
        if (!_used.ContainsKey(rows.Name))
        {
            OnnxDimension[] dimensions = [rows.Rows, rows.Columns];
            _used[rows.Name] = new GraphInput(rows.Name, OnnxElement.Float, dimensions) { Values = rows.ToFloatArray() };
            graph.Input(rows.Name, OnnxElement.Float, dimensions);
        }

        return rows.Name;
    }

    /// <summary>Name of an input that the model's signature does not have.</summary>
    public string Get(string name, OnnxElement element, params OnnxDimension[] dimensions)
    {
        if (!_used.ContainsKey(name))
        {
            _used[name] = new GraphInput(name, element, dimensions);
            graph.Input(name, element, dimensions);
        }

        return name;
    }
}
