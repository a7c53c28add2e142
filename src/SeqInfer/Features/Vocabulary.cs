using System.Diagnostics.CodeAnalysis;

namespace SeqInfer.Features;

/// <summary>
/// Names from outside (user keys, product codes) and the ids 1 .. <see cref="Count"/> that models count with, in the order of their first
/// appearance. 0 stays free for padding. Case matters.
/// </summary>
public sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>Number of names; the highest id.</summary>
    public int Count => _names.Count;

    /// <summary>All names; the first has id 1.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The name of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not 1 .. <see cref="Count"/>.</exception>
    public string this[int id]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(id, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(id, _names.Count);
            return _names[id - 1];
        }
    }

    /// <summary>The id of a name, a new one where it has none yet.</summary>
    public int Add(string name)
    {
        if (_ids.TryGetValue(name, out int id))
            return id;
        _names.Add(name);
        _ids.Add(name, _names.Count);
        return _names.Count;
    }

    /// <summary>The id of a known name.</summary>
    public bool TryGetId(string name, out int id) => _ids.TryGetValue(name, out id);

    /// <summary>The name of an id; false where there is none.</summary>
    public bool TryGetName(int id, [NotNullWhen(true)] out string? name)
    {
        name = id >= 1 && id <= _names.Count ? _names[id - 1] : null;
        return name is not null;
    }
}
