namespace SeqInfer.Cli.Data;

/// <summary>
/// What is known about items: a CSV file with item_id as logs name the item, optionally id as the model counts it (else item_id must be that
/// number), and optionally title and genre.
/// </summary>
internal sealed class ItemTable
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Item> _items = [];

    /// <summary>Number of items.</summary>
    public int Count => _items.Count;

    public static ItemTable Read(string file)
    {
        var table = new ItemTable();
        using CsvRows rows = CsvRows.Open(file, "item_id");
        while (rows.Read())
        {
            string name = rows.Text("item_id");
            int id = rows.Int(rows.Has("id") ? "id" : "item_id");
            if (!table._ids.TryAdd(name, id))
                throw rows.Error("item_id", $"'{name}' appears twice");
            if (!table._items.TryAdd(id, new Item(name, rows.Has("title") ? rows.Text("title") : null, rows.Has("genre") ? rows.Text("genre") : null)))
                throw rows.Error("id", $"{id} appears twice");
        }

        return table;
    }

    public bool TryGetId(string name, out int id) => _ids.TryGetValue(name, out id);

    /// <summary>The item with one of the model's ids, or null.</summary>
    public Item? Find(int id) => _items.GetValueOrDefault(id);

    /// <param name="Name">As logs name it.</param>
    /// <param name="Title">For people.</param>
    /// <param name="Genre">For people.</param>
    internal sealed record Item(string Name, string? Title, string? Genre);
}
