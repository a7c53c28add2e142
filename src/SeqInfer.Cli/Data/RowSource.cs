using SeqInfer.Inputs;

namespace SeqInfer.Cli.Data;

/// <summary>The rows of one model input, ready to be put into batches.</summary>
internal abstract class RowSource
{
    public abstract int RowCount { get; }

    /// <summary>Ids or values of a row.</summary>
    public abstract int LengthOf(int row);

    /// <summary>Adds a row to the column of the input.</summary>
    public abstract void AddTo(BatchColumn column, int row);
}

/// <summary>Lists of ids.</summary>
internal sealed class IdRows : RowSource
{
    private readonly int[] _offsets;
    private readonly int[] _ids;

    private IdRows(int[] offsets, int[] ids)
    {
        _offsets = offsets;
        _ids = ids;
    }

    public override int RowCount => _offsets.Length - 1;

    public ReadOnlySpan<int> this[int row] => _ids.AsSpan(_offsets[row].._offsets[row + 1]);

    public override int LengthOf(int row) => _offsets[row + 1] - _offsets[row];

    public override void AddTo(BatchColumn column, int row) => ((IdColumn)column).Add(this[row]);

    /// <returns>Null where the offsets do not begin with 0, ascend and end with the number of ids.</returns>
    public static IdRows? TryFromRagged(int[] offsets, int[] ids)
    {
        return AreOffsets(offsets, ids.Length) ? new IdRows(offsets, ids) : null;
    }

    /// <summary>True where offsets begin with 0, ascend and end with the number of entries.</summary>
    public static bool AreOffsets(int[] offsets, int count)
    {
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != count)
            return false;
        for (int row = 1; row < offsets.Length; row++)
        {
            if (offsets[row] < offsets[row - 1])
                return false;
        }

        return true;
    }

    public static IdRows FromLists(IReadOnlyList<int[]> rows)
    {
        int[] offsets = new int[rows.Count + 1];
        for (int row = 0; row < rows.Count; row++)
            offsets[row + 1] = checked(offsets[row] + rows[row].Length);
        return new IdRows(offsets, [.. rows.SelectMany(row => row)]);
    }

    /// <summary>The lists as a matrix: shorter ones are filled up with -1.</summary>
    public static (int Rows, int Columns, int[] Ids) Fill(IdRows lists)
    {
        int columns = Enumerable.Range(0, lists.RowCount).Select(lists.LengthOf).DefaultIfEmpty().Max();
        int[] ids = new int[checked(lists.RowCount * columns)];
        Array.Fill(ids, -1);
        for (int row = 0; row < lists.RowCount; row++)
            lists[row].CopyTo(ids.AsSpan(row * columns));
        return (lists.RowCount, columns, ids);
    }

    /// <summary>One id a row: first, first + 1, .. last.</summary>
    public static IdRows Range(int first, int last) => FromMatrix(last - first + 1, 1, [.. Enumerable.Range(first, last - first + 1)]);

    /// <summary>Rows of one width.</summary>
    public static IdRows FromMatrix(int rows, int columns, int[] ids) => new([.. Enumerable.Range(0, rows + 1).Select(row => row * columns)], ids);
}

/// <summary>Vectors of floats.</summary>
internal sealed class ValueRows(int rows, int width, float[] values) : RowSource
{
    public override int RowCount => rows;

    public override int LengthOf(int row) => width;

    public override void AddTo(BatchColumn column, int row) => ((ValueColumn)column).Add(values.AsSpan(row * width, width));
}

/// <summary>Lists of floats.</summary>
internal sealed class RaggedValueRows(int[] offsets, float[] values) : RowSource
{
    public override int RowCount => offsets.Length - 1;

    public override int LengthOf(int row) => offsets[row + 1] - offsets[row];

    public override void AddTo(BatchColumn column, int row) =>
        ((RaggedValueColumn)column).Add(values.AsSpan(offsets[row]..offsets[row + 1]));

    public static RaggedValueRows FromLists(IReadOnlyList<float[]> rows)
    {
        int[] offsets = new int[rows.Count + 1];
        for (int row = 0; row < rows.Count; row++)
            offsets[row + 1] = checked(offsets[row] + rows[row].Length);
        return new RaggedValueRows(offsets, [.. rows.SelectMany(row => row)]);
    }
}
