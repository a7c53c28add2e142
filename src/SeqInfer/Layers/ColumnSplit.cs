using System.Collections.Immutable;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>Which columns of a concatenation many results share, and which each has for itself.</summary>
/// <param name="Shared">Places in the concatenation, in the order in which <see cref="SplitRows.Shared"/> has them.</param>
/// <param name="Own">Places in the concatenation, in the order in which <see cref="SplitRows.Own"/> has them.</param>
public sealed record ColumnSplit(ImmutableArray<int> Shared, ImmutableArray<int> Own)
{
    /// <summary>How many columns there are.</summary>
    public int Count => Shared.Length + Own.Length;

    /// <summary>First the shared columns, then the own ones.</summary>
    public ImmutableArray<int> Order => [.. Shared, .. Own];

    /// <summary>Columns without a split.</summary>
    public static ColumnSplit Whole(int columns) => new([.. Enumerable.Range(0, columns)], []);

    /// <summary>The chosen columns of a matrix side by side, as a view.</summary>
    public static Parameter Pick(Parameter matrix, ImmutableArray<int> columns)
    {
        List<Parameter> runs = [];
        for (int start = 0; start < columns.Length;)
        {
            int end = start + 1;
            while (end < columns.Length && columns[end] == columns[end - 1] + 1)
                end++;
            runs.Add(matrix.SliceColumns(columns[start], end - start));
            start = end;
        }

        return runs.Count switch
        {
            0 => matrix.SliceColumns(0, 0),
            1 => runs[0],
            _ => Parameter.ConcatColumns(matrix.Name, [.. runs]),
        };
    }
}
