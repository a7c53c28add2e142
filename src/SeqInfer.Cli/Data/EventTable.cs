using SeqInfer.Features;

namespace SeqInfer.Cli.Data;

/// <summary>An event log from a CSV file: user_id, item_id, timestamp and optionally rating. Users may have any names.</summary>
/// <param name="Log">The events; items as the model counts them, users as <paramref name="Users"/> does.</param>
/// <param name="Users">The users' names.</param>
internal sealed record EventTable(EventLog Log, Vocabulary Users)
{
    /// <param name="file">The CSV file.</param>
    /// <param name="items">Gives the model's ids of items; null: item_id is that number.</param>
    public static EventTable Read(string file, ItemTable? items = null)
    {
        var log = new EventLog();
        var users = new Vocabulary();
        using CsvRows rows = CsvRows.Open(file, "user_id", "item_id", "timestamp");
        while (rows.Read())
        {
            int item;
            if (items is null)
                item = rows.Int("item_id");
            else if (!items.TryGetId(rows.Text("item_id"), out item))
                throw rows.Error("item_id", $"'{rows.Text("item_id")}' is not among the {items.Count} items");
            log.Add(new InteractionEvent(users.Add(rows.Text("user_id")), item, rows.Timestamp("timestamp"), rows.Has("rating") ? rows.Float("rating") : 1));
        }

        return log.Count > 0 ? new EventTable(log, users) : throw new CliException($"{file}: no events");
    }
}
