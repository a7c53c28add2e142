using SeqInfer.Inputs;

namespace SeqInfer.Cli.Data;

/// <summary>The rows of all inputs of a model, put into batches of any rows in any order.</summary>
internal sealed class InputRows
{
    private readonly ModelSignature _signature;
    private readonly RowSource?[] _sources;

    /// <param name="signature">The model's inputs.</param>
    /// <param name="sources">One for each input, null where an optional one has none.</param>
    /// <param name="origin">Where the rows come from, for messages.</param>
    /// <exception cref="CliException">A required input has no rows, or two inputs have different numbers of them.</exception>
    public InputRows(ModelSignature signature, RowSource?[] sources, string origin)
    {
        _signature = signature;
        _sources = sources;
        int first = Array.FindIndex(sources, source => source is not null);
        for (int i = 0; i < sources.Length; i++)
        {
            InputSpec spec = signature.Inputs[i];
            if (sources[i] is null && spec.IsRequired)
                throw new CliException($"{origin}: the model needs the input '{spec.Name}'; its inputs are {Describe(signature)}");
            if (sources[i] is { } source && source.RowCount != sources[first]!.RowCount)
            {
                throw new CliException(
                    $"{origin}: input '{spec.Name}' has {source.RowCount} rows, '{signature.Inputs[first].Name}' has {sources[first]!.RowCount}");
            }
        }

        RowCount = first < 0 ? 0 : sources[first]!.RowCount;
    }

    /// <summary>Sources by the names of inputs; those that the model does not take are left out.</summary>
    /// <exception cref="CliException">A required input has no rows, a source is not of its kind, or two inputs have different numbers of rows.</exception>
    public static InputRows Bind(ModelSignature signature, IReadOnlyDictionary<string, RowSource> sources, string origin)
    {
        RowSource?[] bound = [.. signature.Inputs.Select(spec => sources.GetValueOrDefault(spec.Name))];
        for (int i = 0; i < bound.Length; i++)
        {
            InputSpec spec = signature.Inputs[i];
            bool fits = bound[i] switch
            {
                null => true,
                ValueRows => spec.Kind == InputKind.Values,
                RaggedValueRows => spec.Kind == InputKind.RaggedValues,
                _ => spec.Kind is InputKind.Ids or InputKind.RaggedIds,
            };
            if (!fits)
                throw new CliException($"{origin}: '{spec.Name}' does not hold what the model takes, {spec}");
        }

        return new InputRows(signature, bound, origin);
    }

    public int RowCount { get; }

    /// <summary>The source of an input, or null.</summary>
    public RowSource? this[string input] => _signature.IndexOfInput(input) is int index and >= 0 ? _sources[index] : null;

    /// <summary>Adds a row to every column that has a source.</summary>
    public void AddTo(Batch batch, int row)
    {
        for (int i = 0; i < _sources.Length; i++)
            _sources[i]?.AddTo(batch[i], row);
    }

    /// <summary>Limits that every batch of these rows fits in.</summary>
    /// <param name="chunks">The batches that will be run.</param>
    public BatchLimits Limits(IReadOnlyList<int[]> chunks) => new()
    {
        MaxBatch = chunks.Max(chunk => chunk.Length),
        MaxEvents = Most(chunks, RaggedRole.Events),
        MaxCandidates = Most(chunks, RaggedRole.Candidates),
        MaxExclusions = Most(chunks, RaggedRole.Exclusions),
    };

    /// <summary>The inputs of a model in words.</summary>
    public static string Describe(ModelSignature signature) => string.Join("; ", signature.Inputs);

    private int Most(IReadOnlyList<int[]> chunks, RaggedRole role)
    {
        long most = 0;
        for (int i = 0; i < _sources.Length; i++)
        {
            InputSpec spec = _signature.Inputs[i];
            if (_sources[i] is not { } source || spec.Kind != InputKind.RaggedIds || spec.Role != role)
                continue;
            long longest = spec.MaxLength > 0 ? spec.MaxLength : int.MaxValue;
            most = Math.Max(most, chunks.Max(chunk => chunk.Sum(row => Math.Min(longest, source.LengthOf(row)))));
        }

        return checked((int)most);
    }
}
