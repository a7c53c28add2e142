namespace SeqInfer.Inputs;

/// <summary>
/// A reusable request: one column for every input of a <see cref="ModelSignature"/>. Its memory grows to the largest batch it has held
/// and stays, so that filling it again allocates nothing. Belongs to one thread at a time.
/// </summary>
public sealed class Batch
{
    private readonly BatchColumn[] _columns;

    /// <summary>Creates an empty batch for a signature.</summary>
    public Batch(ModelSignature signature)
    {
        Signature = signature;
        _columns = [.. signature.Inputs.Select(Create)];
    }

    /// <summary>What the columns are.</summary>
    public ModelSignature Signature { get; }

    /// <summary>How many items top-K returns for a row.</summary>
    public int TopK { get; set; } = 10;

    /// <summary>Rows of the longest column.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (BatchColumn column in _columns)
                count = Math.Max(count, column.Count);
            return count;
        }
    }

    /// <summary>The column of ids of an input.</summary>
    /// <exception cref="ArgumentException">There is no such input, or it takes values.</exception>
    public IdColumn Ids(string input) =>
        Find(input) as IdColumn ?? throw new ArgumentException($"input '{input}' takes values, not ids", nameof(input));

    /// <summary>The column of values of an input.</summary>
    /// <exception cref="ArgumentException">There is no such input, or it takes ids.</exception>
    public ValueColumn Values(string input) =>
        Find(input) as ValueColumn ?? throw new ArgumentException($"input '{input}' is {Find(input).Spec}, not a fixed number of values", nameof(input));

    /// <summary>The column of ragged values of an input.</summary>
    /// <exception cref="ArgumentException">There is no such input, or it takes none.</exception>
    public RaggedValueColumn RaggedValues(string input) =>
        Find(input) as RaggedValueColumn ?? throw new ArgumentException($"input '{input}' is {Find(input).Spec}, not ragged values", nameof(input));

    /// <summary>The column of an input by its place in the signature.</summary>
    public BatchColumn this[int input] => _columns[input];

    /// <summary>Removes all rows of all columns; the memory stays.</summary>
    public void Clear()
    {
        foreach (BatchColumn column in _columns)
            column.Clear();
    }

    /// <summary>Throws unless every required column has the same number of rows, and every optional one that or none.</summary>
    internal void Validate()
    {
        int count = Count;
        foreach (BatchColumn column in _columns)
        {
            if (column.Count != count && (column.Spec.IsRequired || column.Count != 0))
                throw new InputException(column.Spec.Name, $"{column.Count} rows in a batch of {count}");
            if (column is RaggedValueColumn values)
                CheckParallel(values, Ids(values.Spec.ParallelTo!));
        }
    }

    private static BatchColumn Create(InputSpec spec) => spec.Kind switch
    {
        InputKind.Values => new ValueColumn(spec),
        InputKind.RaggedValues => new RaggedValueColumn(spec),
        _ => new IdColumn(spec),
    };

    private static void CheckParallel(RaggedValueColumn values, IdColumn ids)
    {
        if (values.Count == 0 || values.Offsets.SequenceEqual(ids.Offsets))
            return;
        for (int row = 0; row < values.Count; row++)
        {
            int own = values.Offsets[row + 1] - values.Offsets[row];
            int other = ids[row].Length;
            if (own != other)
                throw new InputException(values.Spec.Name, $"row {row} has {own} values for {other} ids of '{ids.Spec.Name}'");
        }
    }

    private BatchColumn Find(string input)
    {
        int index = Signature.IndexOfInput(input);
        if (index < 0)
            throw new ArgumentException($"no input '{input}'; there are: {string.Join(", ", Signature.Inputs.Select(spec => spec.Name))}", nameof(input));
        return _columns[index];
    }
}
