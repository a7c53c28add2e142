using System.Globalization;
using System.Text.Json;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Cli;

/// <summary>Graphs and features given with --data, in every form, to the commands that load a model.</summary>
public sealed class LoadTimeDataTests
{
    private static readonly string LightGcn = Goldens.Case("lightgcn");
    private static readonly string Gcn = Goldens.Case("gcn-pygcn-weighted-f16");
    private static readonly string TwoTower = Goldens.Case("two_tower-recbole-side-features");
    private static readonly string Din = Goldens.Case("din-recbole-dice-candidates");

    [Fact]
    public void The_forms_of_a_graph_give_the_same_recommendations()
    {
        using var folder = new TemporaryFolder();
        using SafetensorsFile inputs = Inputs(LightGcn);
        int[] users = inputs["train_users"].ToInt32s();
        int[] items = inputs["train_items"].ToInt32s();
        string tensors = Path.Combine(LightGcn, "inputs.safetensors");
        string members = folder.File("edges.safetensors");
        SafetensorsWriter.Write(
            members,
            [
                TensorData.FromValues("users", new SeqInfer.Tensors.Shape(users.Length), Array.ConvertAll(users, id => (long)id)),
                TensorData.FromValues("edges.items", new SeqInfer.Tensors.Shape(items.Length), Array.ConvertAll(items, id => (long)id)),
            ]);
        string csv = folder.File("edges.csv");
        File.WriteAllLines(csv, ["users,items", .. users.Zip(items, (user, item) => $"{user},{item}")]);

        string expected = Recommend(LightGcn);
        Assert.Equal(15 * 3, Seqinfer.Lines(expected).Length);
        Assert.Equal(expected, Recommend($"edges={csv}"));
        Assert.Equal(expected, Recommend($"edges={members}"));
        Assert.Equal(expected, Recommend($"edges.users={csv}", $"edges.items={csv}#items"));
        Assert.Equal(expected, Recommend($"edges.users={tensors}#train_users", $"edges.items={tensors}#train_items"));

        static string Recommend(params string[] data) => Seqinfer.Output(
            ["recommend", "--model", LightGcn, "--user", "all", "-k", "3", "--exclude-seen", .. data.SelectMany(text => (string[])["--data", text])]);
    }

    [Fact]
    public void Nodes_and_weighted_edges_from_CSV()
    {
        using var folder = new TemporaryFolder();
        using SafetensorsFile inputs = Inputs(Gcn);
        float[] x = inputs["x"].ToSingles();
        File.WriteAllLines(
            folder.File("nodes.csv"),
            [string.Join(',', Enumerable.Range(0, 8).Select(i => $"f{i}")), .. x.Chunk(8).Select(row => string.Join(',', row.Select(Text)))]);
        int[] sources = inputs["edge_src"].ToInt32s();
        int[] targets = inputs["edge_dst"].ToInt32s();
        float[] weights = inputs["edge_weight"].ToSingles();
        File.WriteAllLines(
            folder.File("edges.csv"), ["sources,targets,weights", .. sources.Select((source, i) => $"{source},{targets[i]},{Text(weights[i])}")]);
        string output = Seqinfer.Output(
            "predict", "--model", Gcn, "--data", $"node_features={folder.File("nodes.csv")}", "--data", $"edges={folder.File("edges.csv")}");
        Assert.Equal(26, Seqinfer.Lines(output).Length);
        Assert.Equal(Seqinfer.Output("predict", "--model", Gcn, "--data", Gcn), output);
    }

    // Items in any order, item 0 left out, lists of different lengths, whole numbers where the model takes floats.
    [Fact]
    public void Item_features_from_CSV()
    {
        using var folder = new TemporaryFolder();
        using SafetensorsFile inputs = Inputs(TwoTower);
        int[] year = inputs["item_year"].ToInt32s();
        float[][] text = [.. inputs["item_text"].ToSingles().Chunk(6)];
        float[][] image = [.. inputs["item_image"].ToSingles().Chunk(3)];
        float[] price = inputs["item_price"].ToSingles();
        int[][] classes = [.. inputs["item_class"].ToInt32s().Chunk((int)inputs["item_class"].Shape[1])];
        IEnumerable<string> rows = Enumerable.Range(1, 22).Reverse().Select(id => string.Join(
            ',', id, year[id], Text(price[id]), Words(text[id]), Words(image[id]), string.Join(' ', classes[id].Where(value => value != 0))));
        File.WriteAllLines(folder.File("items.csv"), ["item_id,year,price,text,image,class", .. rows]);
        string[] arguments = ["predict", "--model", TwoTower, "--output", "item_embeddings", "--data"];
        string[] ours = Seqinfer.Lines(Seqinfer.Output([.. arguments, $"item_features={folder.File("items.csv")}"]));
        Assert.Equal(Seqinfer.Lines(Seqinfer.Output([.. arguments, TwoTower]))[1..], ours[1..]);
    }

    [Fact]
    public void A_model_without_ranked_lists_recommends_by_scoring_all_items()
    {
        using SequenceModel model = Goldens.Load("din-recbole-dice-candidates");
        int items = model.Signature.Inputs[1].MaxId;
        using ModelWorkspace workspace = model.CreateWorkspace(maxCandidates: items);
        SeqInfer.Inputs.Batch batch = model.CreateBatch();
        batch.Ids("items").Add(3, 5, 7);
        batch.Ids("candidates").Add([.. Enumerable.Range(1, items)]);
        float[] scores = new float[items];
        model.Predict(batch, workspace, "logits", scores);
        int[] expected = [.. Enumerable.Range(1, items).Where(id => id is not (3 or 5 or 7)).OrderByDescending(id => scores[id - 1]).Take(4)];

        JsonElement json = Seqinfer.Json("recommend", "--model", Din, "--data", Din, "3", "5", "7", "-k", "4", "--exclude-seen", "--json");
        Assert.Equal(expected, json.GetProperty("users")[0].GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt32()));
    }

    [Fact]
    public void Rows_of_any_inputs()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("users.csv"), "likes,user_id,gender,age\n1 2,3,1,0.5\n,14,2,1\n");
        string[] model = ["--model", TwoTower, "--data", TwoTower, "--input", folder.File("users.csv")];
        string[] lines = Seqinfer.Lines(Seqinfer.Output(["recommend", .. model, "-k", "2"]));
        string[] lists = Seqinfer.Lines(Seqinfer.Output(["predict", .. model, "--output", "top_k", "-k", "2"]));
        Assert.Equal(lists.SelectMany(list => list.Split(' ')), lines.Select(line => $"{line.Split('\t')[2]}:{line.Split('\t')[3]}"));
        Assert.Equal(["0", "0", "1", "1"], lines.Select(line => line.Split('\t')[0]));
    }

    [Fact]
    public void Evaluation_on_a_graph()
    {
        using var folder = new TemporaryFolder();
        string test = folder.File("test.safetensors");
        string[] lists = Seqinfer.Lines(Seqinfer.Output("recommend", "--model", LightGcn, "--data", LightGcn, "--user", "2", "4", "-k", "24", "--exclude-seen"));
        SafetensorsWriter.Write(
            test,
            [
                TensorData.FromValues("test_users", new SeqInfer.Tensors.Shape(3), (long[])[4, 2, 4]),
                TensorData.FromValues("test_items", new SeqInfer.Tensors.Shape(3), (long[])[Ranked(4, 1), Ranked(2, 3), Ranked(4, 7)]),
            ]);
        string[] arguments = ["evaluate", "--model", LightGcn, "--data", LightGcn, "--dataset", test, "--exclude-seen", "-k", "5", "--json"];
        JsonElement json = Seqinfer.Json(arguments);

        // User 2 has its one item at rank 3, user 4 two of them at 1 and 7.
        Assert.Equal(2, json.GetProperty("users").GetInt32());
        Assert.Equal((1 + 0.5) / 2, json.GetProperty("recall@5").GetDouble());
        Assert.Equal(1.0 / 5, json.GetProperty("precision@5").GetDouble(), 1e-12);
        Assert.Equal(1, json.GetProperty("hr@5").GetDouble());
        double ideal = 1 + (1 / Math.Log2(3));
        Assert.Equal(((1 / Math.Log2(5)) + (1 / Math.Log2(3) / ideal)) / 2, json.GetProperty("ndcg@5").GetDouble(), 1e-12);
        Assert.Equal((0.25 + 0.5) / 2, json.GetProperty("mrr").GetDouble(), 1e-12);
        Assert.Contains("drawn candidates need one", Seqinfer.Error([.. arguments, "--mode", "sampled"]), StringComparison.Ordinal);

        long Ranked(int user, int rank) => long.Parse(
            lists.Where(line => line.StartsWith($"{user}\t", StringComparison.Ordinal)).ElementAt(rank).Split('\t')[2], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var folder = new TemporaryFolder();
        string tensors = Path.Combine(LightGcn, "inputs.safetensors");
        string csv = folder.File("edges.csv");
        File.WriteAllText(csv, "users,items\n0,x\n");
        Expect("has to be given when the model is loaded");
        Expect("'edges.user' is no data of a model; expected node_features", $"edges.user={tensors}");
        Expect("no such file or folder", "edges=absent.csv");
        Expect("say what the file holds: edges=", csv);
        Expect("line 2, column 'items': 'x' is not a number", $"edges={csv}");
        Expect("which tensor? Say edges.users=", $"edges.users={tensors}");
        Expect("no tensor 'who'; there are: ", $"edges.users={tensors}#who");
        Expect("no column 'who'; there are: users, items", $"edges.users={csv}#who");
        Expect("tensor 'train_items' is no data of a model", tensors);
        Expect("has no case.json", folder.Path);
        Expect("'edges.users' was given before", $"edges.users={csv}", $"edges.users={csv}");
        Expect("has no use for node_features", LightGcn, $"node_features={csv}#users");
        File.WriteAllText(csv, "users,items\n0,24\n");
        Expect("entry 0 is 24, expected 0 .. 23", $"edges={csv}");
        Assert.Contains("the model knows users 0 .. 14", Seqinfer.Error("recommend", "--model", LightGcn, "--data", LightGcn, "--user", "ann"), StringComparison.Ordinal);
        Assert.Contains("id 15 is outside 0 .. 14", Seqinfer.Error("recommend", "--model", LightGcn, "--data", LightGcn, "--user", "15"), StringComparison.Ordinal);
        Assert.Contains("knows no users", Seqinfer.Error("recommend", "--model", Gcn, "--data", Gcn, "--user", "1"), StringComparison.Ordinal);

        static void Expect(string message, params string[] data) => Assert.Contains(
            message,
            Seqinfer.Error(["recommend", "--model", LightGcn, "--user", "0", .. data.SelectMany(text => (string[])["--data", text])]),
            StringComparison.Ordinal);
    }

    private static SafetensorsFile Inputs(string folder) => SafetensorsFile.Open(Path.Combine(folder, "inputs.safetensors"));

    private static string Words(float[] values) => string.Join(' ', values.Select(Text));

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
