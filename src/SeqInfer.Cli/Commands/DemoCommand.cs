using System.CommandLine;
using SeqInfer.Cli.Data;
using SeqInfer.Cli.Evaluation;
using SeqInfer.Cli.Terminal;
using SeqInfer.Features;
using SeqInfer.Ranking;
using Spectre.Console;

namespace SeqInfer.Cli.Commands;

/// <summary>seqinfer demo: the model that ships with the tool, on the log that ships with it.</summary>
internal static class DemoCommand
{
    private const int ShownEvents = 6;
    private const int ShownItems = 6;
    private const int RankedItems = 10;
    private const int TimedRounds = 5;

    public static Command Create()
    {
        var users = new Option<string[]>("--user", "-u")
        {
            Description = "Viewers to show, 1 .. 2000; default: a few that have just watched part of a series",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "user",
        };
        Option<int> batch = Common.Batch();
        Option<string> device = Common.Device();
        var command = new Command("demo", "Recommend films to the viewers of a small invented log with the model that ships with this tool.")
        {
            users, batch, device,
        };
        Examples.Add(command, "seqinfer demo", "seqinfer demo --user 7 42", "seqinfer demo --device cpu:scalar");
        command.Does((result, cancellation) => Run(
            result.GetValue(users) ?? [], result.GetValue(batch), result.GetRequiredValue(device), cancellation));
        return command;
    }

    private static int Run(string[] wanted, int batch, string device, CancellationToken cancellation)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "demo");
        using SequenceModel model = SequenceModel.Load(Path.Combine(folder, "model"), new LoadOptions { Device = device });
        ItemTable items = ItemTable.Read(Path.Combine(folder, "items.csv"));
        EventTable events = EventTable.Read(Path.Combine(folder, "events.csv"), items);
        UserSequences sequences = events.Log.ToSequences();
        Screen.Line($"{sequences.Count} viewers, {items.Count} films, {sequences.EventCount} events (all invented); {model.ModelType} on {model.Device.KernelName}");
        Screen.Line();

        foreach (string name in wanted.Length > 0 ? wanted : InTheMiddleOfASeries(events.Users, sequences, items))
        {
            if (!events.Users.TryGetId(name, out int id))
                throw new CliException($"no viewer '{name}'; there are 1 .. {sequences.Count}");
            Show(model, name, sequences[id - 1], items);
        }

        Score(model, sequences, batch, cancellation);
        Compare(model, EvaluationSetReader.FromLog("demo", events.Log), batch, cancellation);
        return CommandLine.Success;
    }

    // The three of them with the longest history whose last film is a part of a series and has a next part that they have not seen.
    private static IEnumerable<string> InTheMiddleOfASeries(Vocabulary users, UserSequences sequences, ItemTable items) =>
        Enumerable.Range(0, sequences.Count)
            .Where(row => items.Find(sequences[row][^1])?.Title is { } title && title.Contains(" 2: ", StringComparison.Ordinal))
            .OrderByDescending(row => sequences[row].Length)
            .ThenBy(row => row)
            .Take(3)
            .Select(row => users[row + 1]);

    private static void Show(SequenceModel model, string user, ReadOnlySpan<int> history, ItemTable items)
    {
        ScoredItem[] found = model.Recommend(history, ShownItems, exclude: history);
        ReadOnlySpan<int> newest = history[^Math.Min(ShownEvents, history.Length)..];
        Table table = Screen.NewTable("watched last (newest at the bottom)", "recommended next (best on top)", "score");
        for (int i = 0; i < Math.Max(newest.Length, found.Length); i++)
        {
            table.AddText(
                i < newest.Length ? Describe(newest[i], items) : "",
                i < found.Length ? Describe(found[i].Id, items) : "",
                i < found.Length ? $"{found[i].Score:0.00}" : "");
        }

        Screen.Line($"Viewer {user}, {history.Length} films");
        Screen.Data.Write(table);
        Screen.Line();
    }

    private static string Describe(int id, ItemTable items) => items.Find(id) is { } item ? $"{item.Title} ({item.Genre})" : $"{id}";

    private static void Score(SequenceModel model, UserSequences sequences, int batch, CancellationToken cancellation)
    {
        IdRows histories = IdRows.FromLists([.. Enumerable.Range(0, sequences.Count).Select(row => sequences[row].ToArray())]);
        Dictionary<string, RowSource> inputs = new() { [EvaluationSet.HistoryInput] = histories };
        Screen.Line($"Top {RankedItems} of all films for every viewer, films already watched left out:");
        Table table = Screen.NewTable("viewers a request", "viewers/s", "p50", "p99");
        foreach (int rows in (int[])[1, batch])
        {
            using var recommender = new Recommender(model, inputs, histories, RankedItems, rows, "demo");
            List<double> seconds = LongTask.Run($"scoring, {rows} a request", TimedRounds * sequences.Count, "viewers", done =>
            {
                // One round for compiled code and warm caches, then the timed ones.
                _ = recommender.Run(_ => { }, cancellation);
                List<double> all = [];
                for (int round = 0; round < TimedRounds; round++)
                {
                    int before = round * sequences.Count;
                    _ = recommender.Run(users => done(before + users), cancellation);
                    all.AddRange(recommender.BatchSeconds);
                }

                return all;
            });
            double total = seconds.Sum();
            seconds.Sort();
            table.AddText($"{rows}", $"{TimedRounds * sequences.Count / total:N0}", Microseconds(Quantile(seconds, 0.50)), Microseconds(Quantile(seconds, 0.99)));
        }

        Screen.Data.Write(table);
        Screen.Line();
    }

    private static void Compare(SequenceModel model, EvaluationSet set, int batch, CancellationToken cancellation)
    {
        var evaluator = new Evaluator(model, set, new EvaluationOptions(ExcludeSeen: true, BatchRows: batch));
        RankingMetrics ours = LongTask.Run("evaluating", set.Count, "viewers", done => evaluator.Run(done, cancellation)).Metrics;
        RankingMetrics popular = Popularity.Rank(set);
        Screen.Line("The last film of every viewer, to be found among all films from those watched before:");
        Table table = Screen.NewTable("", $"HR@{RankedItems}", $"NDCG@{RankedItems}");
        table.AddText(model.ModelType, $"{ours.HitRate(RankedItems):0.0000}", $"{ours.Ndcg(RankedItems):0.0000}");
        table.AddText("most popular", $"{popular.HitRate(RankedItems):0.0000}", $"{popular.Ndcg(RankedItems):0.0000}");
        Screen.Data.Write(table);
        Screen.Line($"The hit rate is {ours.HitRate(RankedItems) / popular.HitRate(RankedItems):0.0} times that of popularity.");
    }

    private static double Quantile(List<double> sorted, double q) => sorted[Math.Min(sorted.Count - 1, (int)(q * sorted.Count))];

    private static string Microseconds(double seconds) => seconds < 1e-3 ? $"{seconds * 1e6:0} us" : $"{seconds * 1e3:0.00} ms";
}
