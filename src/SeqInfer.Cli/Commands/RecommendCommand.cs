using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SeqInfer.Cli.Data;
using SeqInfer.Cli.Evaluation;
using SeqInfer.Cli.Terminal;
using SeqInfer.Inputs;
using Spectre.Console;

namespace SeqInfer.Cli.Commands;

/// <summary>seqinfer recommend: the best items for a history, or for the users of a log.</summary>
internal static class RecommendCommand
{
    public static Command Create()
    {
        Option<string> model = Common.Model();
        var ids = new Argument<int[]>("ids") { Description = "A history: item ids, oldest first", Arity = ArgumentArity.ZeroOrMore };
        var log = new Option<string?>("--log") { Description = "Histories from a CSV file: user_id,item_id,timestamp", HelpName = "file" };
        var input = new Option<string?>("--input", "-i")
        {
            Description = "Any inputs of the model, a row for each that is to be recommended to: CSV or safetensors, as predict takes them",
            HelpName = "file",
        };
        var items = new Option<string?>("--items")
        {
            Description = "CSV file with item_id, and optionally id (as the model counts), title and genre",
            HelpName = "file",
        };
        var users = new Option<string[]>("--user", "-u")
        {
            Description = "Users of the log to recommend for; without a log ids of users, for a model that knows them; all: every one (the default)",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "user",
        };
        Option<int> k = Common.K();
        var excludeSeen = new Option<bool>("--exclude-seen") { Description = "Leave out the items of the history; without one, those that the edges of --data join with the user" };
        Option<string[]> data = Common.Data();
        Option<int> batch = Common.Batch();
        Option<string> device = Common.Device();
        Option<Devices.WeightStorage> weights = Common.Weights();
        Option<bool> json = Common.Json();
        var command = new Command(
            "recommend",
            "Recommend the best next items, for a history given by ids, for users of an event log, for users the model knows, or for rows of inputs. Prints user, rank, item, score and title, separated by tabs, when piped.")
        {
            model, ids, log, input, items, users, k, excludeSeen, data, batch, device, weights, json,
        };
        command.Validators.Add(result =>
        {
            bool hasIds = result.GetValue(ids) is { Length: > 0 };
            bool hasUsers = result.GetValue(users) is { Length: > 0 };
            string[] given = [.. hasIds ? ["Ids"] : (string[])[], .. Names(result, log, input)];
            if (given.Length > 1)
                result.AddError($"{given[0]} and {given[1]} do not go together.");
            else if (given.Length == 0 && !hasUsers)
                result.AddError("Give ids, --log, --input or --user.");
            else if (hasUsers && result.GetValue(input) is not null)
                result.AddError("--user and --input do not go together.");
        });
        Examples.Add(
            command,
            "seqinfer recommend --model models/sasrec 12 55 9 -k 5",
            "seqinfer recommend --model models/sasrec --log events.csv --items items.csv --user 17 --exclude-seen",
            "seqinfer recommend --model models/lightgcn --data edges=train.csv --user 17 --exclude-seen",
            "seqinfer recommend --model models/dssm --data item_features=items.csv --input users.csv --json > recommendations.json");
        command.Does((result, cancellation) =>
        {
            ModelData given = LoadTimeData.Read(result.GetRequiredValue(data));
            using SequenceModel loaded = Common.Load(
                result.GetRequiredValue(model),
                new LoadOptions { Device = result.GetRequiredValue(device), WeightStorage = result.GetValue(weights), Data = given });
            ItemTable? table = result.GetValue(items) is { } file ? ItemTable.Read(file) : null;
            string[] wanted = result.GetValue(users) ?? [];
            RecommendRows rows = result.GetValue(log) is { } events
                ? RecommendRows.FromLog(events, table, wanted)
                : result.GetValue(input) is { } inputs
                    ? RecommendRows.FromInputs(inputs, loaded.Signature)
                    : RecommendRows.FromIds(result.GetValue(ids) ?? [], wanted, loaded);
            string[] names = rows.Names;
            using var recommender = new Recommender(
                loaded,
                rows.Inputs,
                result.GetValue(excludeSeen) ? rows.Seen(given) : null,
                result.GetValue(k),
                Math.Min(result.GetValue(batch), Math.Max(1, names.Length)),
                rows.Origin);
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

    private static string[] Names(CommandResult result, params ReadOnlySpan<Option<string?>> options)
    {
        List<string> names = [];
        foreach (Option<string?> option in options)
        {
            if (result.GetValue(option) is not null)
                names.Add(option.Name);
        }

        return [.. names];
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
