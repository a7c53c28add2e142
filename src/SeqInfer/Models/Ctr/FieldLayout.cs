using System.Collections.Immutable;

namespace SeqInfer.Models.Ctr;

/// <summary>Which columns belong to which field where the embedded fields come first and the dense ones last.</summary>
internal sealed class FieldLayout
{
    /// <summary>Lays out fields.</summary>
    /// <param name="fields">In the order of concatenation.</param>
    /// <param name="embeddingSize">Columns of an embedded field; 0 where vectors are not wanted.</param>
    public FieldLayout(IReadOnlyList<Field> fields, int embeddingSize)
    {
        EmbeddedCount = fields.Count(field => field.IsEmbedded);
        DenseWidth = fields.Where(field => !field.IsEmbedded).Sum(field => field.Size);
        EmbeddedWidth = checked(EmbeddedCount * embeddingSize);
        Widths = [.. fields.Select(field => field.IsEmbedded ? embeddingSize : field.Size)];
        FirstOrderWidths = [.. fields.Select(field => field.IsEmbedded ? 1 : field.Size)];
        Starts = StartsOf(fields, Widths, EmbeddedWidth);
        FirstOrderStarts = StartsOf(fields, FirstOrderWidths, EmbeddedCount);
    }

    /// <summary>How many fields have a vector from a table.</summary>
    public int EmbeddedCount { get; }

    /// <summary>Columns of all embedded fields.</summary>
    public int EmbeddedWidth { get; }

    /// <summary>Columns of all dense fields.</summary>
    public int DenseWidth { get; }

    /// <summary>Columns of all fields.</summary>
    public int Width => checked(EmbeddedWidth + DenseWidth);

    /// <summary>Columns of all fields in the first-order part.</summary>
    public int FirstOrderWidth => checked(EmbeddedCount + DenseWidth);

    /// <summary>The first column of each field.</summary>
    public ImmutableArray<int> Starts { get; }

    /// <summary>The columns of each field.</summary>
    public ImmutableArray<int> Widths { get; }

    /// <summary>The first column of each field in the first-order part.</summary>
    public ImmutableArray<int> FirstOrderStarts { get; }

    /// <summary>The columns of each field in the first-order part.</summary>
    public ImmutableArray<int> FirstOrderWidths { get; }

    /// <summary>Where the columns of some of the fields stand among those of all: embedded fields first, then dense ones.</summary>
    /// <param name="fields">All fields, those of this layout.</param>
    /// <param name="chosen">Some of them.</param>
    public ImmutableArray<int> PlacesOf(IReadOnlyList<Field> fields, IReadOnlyList<Field> chosen) => Places(fields, chosen, Starts, Widths);

    /// <summary>The same in the first-order part.</summary>
    /// <param name="fields">All fields, those of this layout.</param>
    /// <param name="chosen">Some of them.</param>
    public ImmutableArray<int> FirstOrderPlacesOf(IReadOnlyList<Field> fields, IReadOnlyList<Field> chosen) =>
        Places(fields, chosen, FirstOrderStarts, FirstOrderWidths);

    private static ImmutableArray<int> Places(
        IReadOnlyList<Field> fields, IReadOnlyList<Field> chosen, ImmutableArray<int> starts, ImmutableArray<int> widths) =>
    [
        .. Enumerable.Range(0, fields.Count)
            .Where(i => chosen.Contains(fields[i]))
            .OrderBy(i => fields[i].IsEmbedded ? 0 : 1)
            .SelectMany(i => Enumerable.Range(starts[i], widths[i])),
    ];

    private static ImmutableArray<int> StartsOf(IReadOnlyList<Field> fields, ImmutableArray<int> widths, int firstDense)
    {
        int[] starts = new int[fields.Count];
        int embedded = 0;
        int dense = firstDense;
        for (int i = 0; i < starts.Length; i++)
        {
            ref int next = ref fields[i].IsEmbedded ? ref embedded : ref dense;
            starts[i] = next;
            next = checked(next + widths[i]);
        }

        return [.. starts];
    }
}
