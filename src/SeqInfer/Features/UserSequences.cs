namespace SeqInfer.Features;

/// <summary>The histories of users, oldest event first, in ragged form: the events of row r lie at offsets r .. r+1.</summary>
public sealed class UserSequences
{
    private readonly int[] _users;
    private readonly int[] _offsets;
    private readonly int[] _items;
    private readonly long[] _timestamps;

    internal UserSequences(ReadOnlySpan<InteractionEvent> sorted)
    {
        List<int> users = [];
        List<int> offsets = [];
        _items = new int[sorted.Length];
        _timestamps = new long[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i].User != sorted[i - 1].User)
            {
                users.Add(sorted[i].User);
                offsets.Add(i);
            }

            _items[i] = sorted[i].Item;
            _timestamps[i] = sorted[i].Timestamp;
        }

        offsets.Add(sorted.Length);
        _users = [.. users];
        _offsets = [.. offsets];
    }

    private UserSequences(int[] users, int[] offsets, int[] items)
    {
        _users = users;
        _offsets = offsets;
        _items = items;
        _timestamps = new long[items.Length];
    }

    /// <summary>Number of users.</summary>
    public int Count => _users.Length;

    /// <summary>Number of events of all users.</summary>
    public int EventCount => _items.Length;

    /// <summary>The id of the user of each row.</summary>
    public ReadOnlySpan<int> Users => _users;

    /// <summary>Count + 1 offsets.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>The items of a row, oldest first.</summary>
    public ReadOnlySpan<int> this[int row] => _items.AsSpan(_offsets[row].._offsets[row + 1]);

    /// <summary>The times of a row, oldest first; 0 where only the order is known.</summary>
    public ReadOnlySpan<long> Timestamps(int row) => _timestamps.AsSpan(_offsets[row].._offsets[row + 1]);

    /// <summary>Histories that come in ragged form already, of the users 1, 2, 3 ...</summary>
    /// <param name="offsets">One more than there are users: begins with 0, ascends, ends with the number of items. Copied.</param>
    /// <param name="items">Items, row after row, oldest first. Copied.</param>
    /// <exception cref="ArgumentException">The offsets are not of this form.</exception>
    public static UserSequences FromRagged(ReadOnlySpan<int> offsets, ReadOnlySpan<int> items)
    {
        if (offsets.IsEmpty || offsets[0] != 0 || offsets[^1] != items.Length)
            throw new ArgumentException($"offsets must begin with 0 and end with {items.Length}, the number of items", nameof(offsets));
        for (int row = 1; row < offsets.Length; row++)
        {
            if (offsets[row] < offsets[row - 1])
                throw new ArgumentException($"offset {row} is {offsets[row]}, lower than the one before, {offsets[row - 1]}", nameof(offsets));
        }

        return new UserSequences([.. Enumerable.Range(1, offsets.Length - 1)], offsets.ToArray(), items.ToArray());
    }
}
