using SeqInfer.Inputs;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Data;

/// <summary>Tensors of a safetensors file as the rows of model inputs. The first dimension counts rows.</summary>
internal static class TensorRows
{
    /// <summary>Every row whole, or one column of it.</summary>
    public static RowSource Read(TensorInfo tensor, InputSpec spec, int? column = null) => spec.Kind == InputKind.Values
        ? ReadMatrix(tensor, tensor.ToSingles(), column, static (rows, width, values) => (RowSource)new ValueRows(rows, width, values))
        : ReadMatrix(tensor, tensor.ToInt32s(), column, static (rows, width, values) => (RowSource)IdRows.FromMatrix(rows, width, values));

    /// <summary>Rows filled up on the left: everything before the first id that is not the padding's is dropped.</summary>
    public static IdRows ReadLeftPadded(TensorInfo tensor, int padId) =>
        ReadSequences(tensor, (row, _) => row.IndexOfAnyExcept(padId) is int first and >= 0 ? row[first..] : default);

    /// <summary>Rows filled up on the right: their lengths are given, or everything behind the last id that is not the padding's is dropped.</summary>
    public static IdRows ReadRightPadded(TensorInfo tensor, int padId, TensorInfo? lengths)
    {
        if (lengths is null)
            return ReadSequences(tensor, (row, _) => row[..(row.LastIndexOfAnyExcept(padId) + 1)]);
        int[] counts = lengths.ToInt32s();
        return ReadSequences(tensor, (row, index) =>
        {
            if (index >= counts.Length)
                throw new CliException($"{lengths.File}: tensor '{lengths.Name}' has {counts.Length} lengths, '{tensor.Name}' has more rows");
            return counts[index] >= 0 && counts[index] <= row.Length
                ? row[..counts[index]]
                : throw new CliException($"{lengths.File}: tensor '{lengths.Name}': length {counts[index]} of row {index} is outside 0 .. {row.Length}");
        });
    }

    /// <summary>Ids and offsets.</summary>
    public static IdRows ReadRagged(TensorInfo ids, TensorInfo offsets) =>
        IdRows.TryFromRagged(offsets.ToInt32s(), ids.ToInt32s())
        ?? throw new CliException($"{offsets.File}: tensor '{offsets.Name}' must begin with 0, ascend and end with {ids.Shape.ElementCount}, the length of '{ids.Name}'");

    /// <summary>Floats and offsets.</summary>
    public static RaggedValueRows ReadRaggedValues(TensorInfo values, TensorInfo offsets)
    {
        int[] ends = offsets.ToInt32s();
        return IdRows.AreOffsets(ends, checked((int)values.Shape.ElementCount))
            ? new RaggedValueRows(ends, values.ToSingles())
            : throw new CliException($"{offsets.File}: tensor '{offsets.Name}' must begin with 0, ascend and end with {values.Shape.ElementCount}, the length of '{values.Name}'");
    }

    /// <summary>
    /// A tensor as a matrix, or one column of it; one dimension is one column. Values are floats or, where the tensor holds integers, integers.
    /// </summary>
    public static (int Rows, int Columns, Array Values) ReadMatrix(TensorInfo tensor, int? column = null) => tensor.DType.IsFloat()
        ? ReadMatrix(tensor, tensor.ToSingles(), column, static (rows, width, values) => (rows, width, (Array)values))
        : ReadMatrix(tensor, tensor.ToInt32s(), column, static (rows, width, values) => (rows, width, (Array)values));

    private static IdRows ReadSequences(TensorInfo tensor, Trim trim)
    {
        int[] values = tensor.ToInt32s();
        (int rows, int width) = Size(tensor);
        List<int[]> lists = new(rows);
        for (int row = 0; row < rows; row++)
            lists.Add(trim(values.AsSpan(row * width, width), row).ToArray());
        return IdRows.FromLists(lists);
    }

    private static TResult ReadMatrix<T, TResult>(TensorInfo tensor, T[] values, int? column, Func<int, int, T[], TResult> create)
    {
        (int rows, int width) = Size(tensor);
        if (column is not int chosen)
            return create(rows, width, values);
        if (chosen < 0 || chosen >= width)
            throw new CliException($"{tensor.File}: tensor '{tensor.Name}' {tensor.Shape} has no column {chosen}");
        return create(rows, 1, [.. Enumerable.Range(0, rows).Select(row => values[(row * width) + chosen])]);
    }

    private static (int Rows, int Width) Size(TensorInfo tensor)
    {
        if (tensor.Shape.Rank == 0)
            throw new CliException($"{tensor.File}: tensor '{tensor.Name}' is a scalar, expected a dimension that counts rows");
        int rows = checked((int)tensor.Shape[0]);
        int width = 1;
        foreach (ulong dimension in tensor.Shape.Dimensions[1..])
            width = checked(width * (int)dimension);
        return (rows, width);
    }

    private delegate ReadOnlySpan<int> Trim(ReadOnlySpan<int> row, int index);
}
