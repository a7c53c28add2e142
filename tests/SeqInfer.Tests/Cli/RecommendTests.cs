using System.Globalization;
using System.Text.Json;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Cli;

public sealed class RecommendTests
{
    private static readonly string Model = Seqinfer.Demo("model");
    private static readonly string Log = Seqinfer.Demo("events.csv");
    private static readonly string Items = Seqinfer.Demo("items.csv");

    [Fact]
    public void Ids_on_the_command_line()
    {
        using SequenceModel model = SequenceModel.Load(Model);
        ScoredItem[] expected = model.Recommend([12, 55, 9], 4);
        string[] lines = Seqinfer.Lines(Seqinfer.Output("recommend", "--model", Model, "12", "55", "9", "-k", "4"));
        Assert.Equal(expected.Select((item, rank) => $"\t{rank + 1}\t{item.Id}\t{item.Score.ToString("R", CultureInfo.InvariantCulture)}\t"), lines);
        Assert.Equal(expected.Select(item => item.Id), Ids(Seqinfer.Json("recommend", "--model", Model, "12", "55", "9", "-k", "4", "--json"), 0));
    }

    [Fact]
    public void Seen_items_come_back_unless_they_are_excluded()
    {
        using SequenceModel model = SequenceModel.Load(Model);
        int[] history = [.. model.Recommend([12], 5).Select(item => item.Id)];
        string[] arguments = ["recommend", "--model", Model, "-k", "418", "--json", .. history.Select(id => $"{id}")];
        Assert.Subset(Ids(Seqinfer.Json(arguments), 0).ToHashSet(), history.ToHashSet());
        int[] others = Ids(Seqinfer.Json([.. arguments, "--exclude-seen"]), 0);
        Assert.Equal(418 - history.Length, others.Length);
        Assert.Empty(others.Intersect(history));
    }

    [Fact]
    public void Users_of_a_log_with_titles()
    {
        JsonElement json = Seqinfer.Json("recommend", "--model", Model, "--log", Log, "--items", Items, "--user", "157", "54", "-k", "2", "--exclude-seen", "--json");
        JsonElement[] users = [.. json.GetProperty("users").EnumerateArray()];
        Assert.Equal(["157", "54"], users.Select(user => user.GetProperty("user").GetString()));
        Assert.All(users, user => Assert.All(user.GetProperty("items").EnumerateArray(), item => Assert.NotEmpty(item.GetProperty("title").GetString()!)));
        string first = users[0].GetProperty("items")[0].GetProperty("title").GetString()!;
        string[] lines = Seqinfer.Lines(Seqinfer.Output("recommend", "--model", Model, "--log", Log, "--items", Items, "--user", "157", "-k", "1", "--exclude-seen"));
        Assert.EndsWith($"\t{first}", Assert.Single(lines), StringComparison.Ordinal);
        Assert.StartsWith("157\t1\t", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void All_users_get_the_same_whatever_the_batch()
    {
        string output = Seqinfer.Output("recommend", "--model", Model, "--log", Log, "-k", "1");
        Assert.Equal(2000, Seqinfer.Lines(output).Length);
        Assert.Equal(output, Seqinfer.Output("recommend", "--model", Model, "--log", Log, "--user", "all", "-k", "1", "--batch", "7"));
    }

    [Fact]
    public void Items_may_have_names_and_times_may_be_dates()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("items.csv"), "item_id,id,title\nB0X,12,\"Tea, black\"\nB0Y,55,Cup\nB0Z,9,Pot\n");
        File.WriteAllText(
            folder.File("events.csv"),
            "user_id,item_id,timestamp\nann,B0Z,2024-03-01T12:00:00Z\nann,B0X,2024-02-01\nann,B0Y,2024-03-01T11:59:59Z\n");
        int[] found = Ids(Seqinfer.Json("recommend", "--model", Model, "--log", folder.File("events.csv"), "--items", folder.File("items.csv"), "--json"), 0);
        Assert.Equal(Ids(Seqinfer.Json("recommend", "--model", Model, "12", "55", "9", "--json"), 0), found);
        File.AppendAllText(folder.File("events.csv"), "ann,B99,2024-03-02\n");
        Assert.Contains(
            "line 5, column 'item_id': 'B99' is not among the 3 items",
            Seqinfer.Error("recommend", "--model", Model, "--log", folder.File("events.csv"), "--items", folder.File("items.csv")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_takes_no_history_says_so() =>
        Assert.Contains("has the inputs items, a model of type 'sequential' takes features", Seqinfer.Error("recommend", "--model", Goldens.Case("sequential-mlp"), "1"), StringComparison.Ordinal);

    private static int[] Ids(JsonElement json, int user) =>
        [.. json.GetProperty("users")[user].GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt32())];
}
