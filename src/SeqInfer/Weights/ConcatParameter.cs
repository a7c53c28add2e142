using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>Parameters joined along one axis: stacked rows, or columns side by side.</summary>
internal sealed class ConcatParameter : Parameter
{
    private readonly Parameter[] _parts;

    /// <summary>Where each part begins along the axis, and after the last where it ends.</summary>
    private readonly int[] _starts;
    private readonly bool _stackRows;

    private ConcatParameter(string name, bool stackRows, Parameter[] parts, int[] starts)
        : base(
            name,
            stackRows ? starts[^1] : parts[0].Rows,
            stackRows ? parts[0].Columns : starts[^1],
            Array.TrueForAll(parts, part => part.DType == parts[0].DType) ? parts[0].DType : DType.F64)
    {
        _stackRows = stackRows;
        _parts = parts;
        _starts = starts;
    }

    public static Parameter Create(string name, bool stackRows, ReadOnlySpan<Parameter> parts)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (parts.IsEmpty) throw new ArgumentException($"Parameter \"{name}\": nothing to concatenate.", nameof(parts));
        int[] starts = new int[parts.Length + 1];
        bool isMissing = false;
        for (int i = 0; i < parts.Length; i++)
        {
            Parameter part = parts[i];
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
            (int along, int across) = stackRows ? (part.Rows, part.Columns) : (part.Columns, part.Rows);
            int expected = stackRows ? parts[0].Columns : parts[0].Rows;
            if (across != expected || along > int.MaxValue - starts[i])
            {
                throw new ArgumentException(
                    $"Parameter \"{name}\": cannot append \"{part.Name}\" ({part.Rows} x {part.Columns}) to {starts[i]} "
                    + $"{(stackRows ? "rows" : "columns")} of {expected}.",
                    nameof(parts));
            }

            starts[i + 1] = starts[i] + along;
            isMissing |= part.IsMissing;
        }

        ConcatParameter joined = new(name, stackRows, parts.ToArray(), starts);
        return isMissing ? new ZeroParameter(name, joined.Rows, joined.Columns, isMissing: true) : joined;
    }

    public override Parameter Transpose()
        => new ConcatParameter(Name, !_stackRows, Array.ConvertAll(_parts, part => part.Transpose()), _starts);

    internal override Parameter Slice(int firstRow, int rows, int firstColumn, int columns)
    {
        (int first, int count) = _stackRows ? (firstRow, rows) : (firstColumn, columns);
        List<Parameter> parts = [];
        int index = PartAt(first);
        do
        {
            int from = Math.Max(first, _starts[index]);
            int length = Math.Min(first + count, _starts[index + 1]) - from;
            parts.Add(_stackRows
                ? _parts[index].Slice(from - _starts[index], length, firstColumn, columns)
                : _parts[index].Slice(firstRow, rows, from - _starts[index], length));
            index++;
        }
        while (index < _parts.Length && _starts[index] < first + count);
        return parts.Count == 1 ? parts[0] : Create(Name, _stackRows, [.. parts]);
    }

    internal override void Read<T>(int row, int firstColumn, Span<T> destination)
    {
        if (_stackRows)
        {
            int index = PartAt(row);
            _parts[index].Read(row - _starts[index], firstColumn, destination);
            return;
        }

        for (int index = PartAt(firstColumn); !destination.IsEmpty; index++)
        {
            int length = Math.Min(destination.Length, _starts[index + 1] - firstColumn);
            _parts[index].Read(row, firstColumn - _starts[index], destination[..length]);
            destination = destination[length..];
            firstColumn += length;
        }
    }

    /// <summary>The last part that begins at or before the position, which is the one that holds it.</summary>
    private int PartAt(int position)
    {
        int index = _parts.Length - 1;
        while (index > 0 && _starts[index] > position) index--;
        return index;
    }
}
