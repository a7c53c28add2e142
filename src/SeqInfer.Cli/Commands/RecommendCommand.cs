using System.CommandLine;
using System.Globalization;
using SeqInfer.Cli.Data;
using SeqInfer.Cli.Evaluation;
using SeqInfer.Cli.Terminal;
using SeqInfer.Features;
using Spectre.Console;

namespace SeqInfer.Cli.Commands;

/// <summary>seqinfer recommend: the best items for a history, or for the users of a log.</summary>
internal static class RecommendCommand
{
    private const string AllUsers = "all";

    public static Command Create()
    {
        Option<string> model = Common.Model();
        var ids = new Argument<int[]>("ids") { Description = "A history: item ids, oldest first", Arity = ArgumentArity.ZeroOrMore };
        var log = new Option<string?>("--log") { Description = "Histories from a CSV file: user_id,item_id,timestamp", HelpName = "file" };
        var items = new Option<string?>("--items")
        {
            Description = "CSV file with item_id, and optionally id (as the model counts), title and genre",
            HelpName = "file",
        };
        var users = new Option<string[]>("--user", "-u")
        {
            Description = "Users of the log to recommend for; all: every one (the default)",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "user",
        };
        Option<int> k = Common.K();
        var excludeSeen = new Option<bool>("--exclude-seen") { Description = "Leave out the items of the history" };
        Option<int> batch = Common.Batch();
        Option<string> device = Common.Device();
        Option<bool> json = Common.Json();
        var command = new Command(
            "recommend",
            "Recommend the best next items, for a history given by ids or for users of an event log. Prints user, rank, item, score and title, separated by tabs, when piped.")
        {
            model, ids, log, items, users, k, excludeSeen, batch, device, json,
        };
        command.Validators.Add(result =>
        {
            bool hasIds = result.GetValue(ids) is { Length: > 0 };
            bool hasLog = result.GetValue(log) is not null;
            if (hasIds == hasLog)
                result.AddError(hasIds ? "Ids and --log do not go together." : "Give ids or --log.");
            else if (!hasLog && result.GetValue(users) is { Length: > 0 })
                result.AddError("--user needs --log.");
        });
        Examples.Add(
            command,
            "seqinfer recommend --model models/sasrec 12 55 9 -k 5",
            "seqinfer recommend --model models/sasrec --log events.csv --items items.csv --user 17 --exclude-seen",
            "seqinfer recommend --model models/sasrec --log events.csv --json > recommendations.json");
        command.Does((result, cancellation) =>
        {
            using SequenceModel loaded = SequenceModel.Load(
                result.GetRequiredValue(model), new LoadOptions { Device = result.GetRequiredValue(device) });
            ItemTable? table = result.GetValue(items) is { } file ? ItemTable.Read(file) : null;
            (string[] names, IdRows histories) = result.GetValue(log) is { } events
                ? FromLog(events, table, result.GetValue(users) ?? [])
                : ([""], IdRows.FromLists([result.GetRequiredValue(ids)]));
            using var recommender = new Recommender(
                loaded, histories, result.GetValue(k), result.GetValue(excludeSeen), Math.Min(result.GetValue(batch), histories.RowCount));
            ScoredItem[][] found = LongTask.Run("recommending", names.Length, "users", done => recommender.Run(done, cancellation));
            if (result.GetValue(json))
                WriteJson(names, found, table);
            else if (Screen.IsDataInteractive)
                WriteTable(names, found, table);
            else
                WriteLines(names, found, table);
            return CommandLine.Success;
        });
        return command;
    }

    private static (string[] Names, IdRows Histories) FromLog(string file, ItemTable? items, string[] wanted)
    {
        EventTable events = EventTable.Read(file, items);
        UserSequences sequences = events.Log.ToSequences();

        // Users are counted from 1 in the order of their first event, so user u is row u - 1.
        int[] rows = wanted.Length == 0 || wanted.Contains(AllUsers)
            ? [.. Enumerable.Range(0, sequences.Count)]
            : [.. wanted.Select(name => events.Users.TryGetId(name, out int id) ? id - 1 : throw new CliException($"{file}: no user '{name}'"))];
        return ([.. rows.Select(row => events.Users[row + 1])], IdRows.FromLists([.. rows.Select(row => sequences[row].ToArray())]));
    }

    private static void WriteTable(string[] users, ScoredItem[][] found, ItemTable? items)
    {
        Table table = Screen.NewTable("user", "rank", "item", "score", "title");
        for (int i = 0; i < users.Length; i++)
        {
            for (int rank = 0; rank < found[i].Length; rank++)
            {
                ScoredItem item = found[i][rank];
                table.AddText(rank == 0 ? users[i] : "", $"{rank + 1}", Name(item, items), $"{item.Score:0.000}", items?.Find(item.Id)?.Title ?? "");
            }
        }

        Screen.Data.Write(table);
    }

    private static void WriteLines(string[] users, ScoredItem[][] found, ItemTable? items)
    {
        for (int i = 0; i < users.Length; i++)
        {
            for (int rank = 0; rank < found[i].Length; rank++)
            {
                ScoredItem item = found[i][rank];
                string score = item.Score.ToString("R", CultureInfo.InvariantCulture);
                Screen.Line($"{users[i]}\t{rank + 1}\t{Name(item, items)}\t{score}\t{items?.Find(item.Id)?.Title}");
            }
        }
    }

    private static void WriteJson(string[] users, ScoredItem[][] found, ItemTable? items) => Screen.Json(json =>
    {
        json.WriteStartArray("users");
        for (int i = 0; i < users.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("user", users[i]);
            json.WriteStartArray("items");
            foreach (ScoredItem item in found[i])
            {
                json.WriteStartObject();
                json.WriteNumber("id", item.Id);
                json.WriteFinite("score", item.Score);
                if (items?.Find(item.Id) is { } known)
                {
                    json.WriteString("item", known.Name);
                    if (known.Title is not null)
                        json.WriteString("title", known.Title);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Name(ScoredItem item, ItemTable? items) => items?.Find(item.Id)?.Name ?? $"{item.Id}";
}
