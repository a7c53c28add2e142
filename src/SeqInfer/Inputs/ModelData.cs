using SeqInfer.Tensors;

namespace SeqInfer.Inputs;

/// <summary>
/// What a model needs once and that is neither weight nor request: the edges of a graph, the features of its nodes or of all items.
/// Given when the model is loaded, by name.
/// </summary>
public sealed class ModelData
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Nothing.</summary>
    public static ModelData Empty { get; } = new();

    /// <summary>The names of what is there.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>The names of what no model has asked for so far: after loading, what was given in vain.</summary>
    public IEnumerable<string> Unread => _entries.Where(entry => !entry.Value.IsRead).Select(entry => entry.Key);

    /// <summary>Adds a matrix of integers: node ids of edges ([edges, 1]), or the features of every item ([items, values]).</summary>
    /// <exception cref="ArgumentException">The name is taken, or the number of values is not rows * columns.</exception>
    public ModelData Add(string name, int rows, int columns, int[] values) => Add(name, rows, columns, values.Length, values);

    /// <summary>Adds a matrix of floats, such as the features of nodes ([nodes, features]).</summary>
    /// <exception cref="ArgumentException">The name is taken, or the number of values is not rows * columns.</exception>
    public ModelData Add(string name, int rows, int columns, float[] values) => Add(name, rows, columns, values.Length, values);

    /// <summary>
    /// The same with a matrix of floats rounded to the nearest bfloat16, ties to even. Features of a graph's nodes that are such numbers are held
    /// and gathered in half the bytes.
    /// </summary>
    /// <param name="name">Name of the matrix.</param>
    /// <exception cref="InputException">It is not there.</exception>
    public ModelData Rounded(string name)
    {
        float[] values = Values(name, out int rows, out int columns).ToArray();
        foreach (ref float value in values.AsSpan())
            value = BitConverter.UInt32BitsToSingle((uint)BFloat16.Round(value) << 16);
        ModelData rounded = new();
        foreach ((string other, Entry entry) in _entries)
            rounded.Add(other, entry.Rows, entry.Columns, entry.Values.Length, other == name ? values : entry.Values);
        return rounded;
    }

    /// <summary>True when there is something of that name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>A matrix of integers, row after row.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rows">Its number of rows.</param>
    /// <param name="columns">Its number of columns.</param>
    /// <exception cref="InputException">It is not there, or holds floats.</exception>
    public ReadOnlySpan<int> Ids(string name, out int rows, out int columns) =>
        Get(name, out rows, out columns) as int[] ?? throw new InputException(name, "holds floats, expected integers");

    /// <summary>A matrix of floats, row after row.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rows">Its number of rows.</param>
    /// <param name="columns">Its number of columns.</param>
    /// <remarks>Integers are taken for the numbers they are: what a text file says does not tell 3 from 3.0.</remarks>
    /// <exception cref="InputException">It is not there.</exception>
    public ReadOnlySpan<float> Values(string name, out int rows, out int columns)
    {
        _ = Get(name, out rows, out columns);
        return _entries[name].Numbers;
    }

    private Array Get(string name, out int rows, out int columns)
    {
        if (!_entries.TryGetValue(name, out Entry? entry))
        {
            string others = _entries.Count == 0 ? "nothing" : string.Join(", ", _entries.Keys);
            throw new InputException(name, $"has to be given when the model is loaded (LoadOptions.Data); given: {others}");
        }

        entry.IsRead = true;
        (rows, columns) = (entry.Rows, entry.Columns);
        return entry.Values;
    }

    private ModelData Add(string name, int rows, int columns, int count, Array values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (count != (long)rows * columns)
            throw new ArgumentException($"'{name}': {count} values for [{rows}, {columns}]", nameof(values));
        if (!_entries.TryAdd(name, new Entry(rows, columns, values)))
            throw new ArgumentException($"'{name}' was added before", nameof(name));
        return this;
    }

    private sealed class Entry(int rows, int columns, Array values)
    {
        private float[]? _numbers = values as float[];

        public int Rows => rows;

        public int Columns => columns;

        public Array Values => values;

        public float[] Numbers => _numbers ??= Array.ConvertAll((int[])values, value => (float)value);

        public bool IsRead { get; set; }
    }
}
