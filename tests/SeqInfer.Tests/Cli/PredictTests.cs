using System.Globalization;
using System.Text.Json;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Cli;

/// <summary>The program's numbers are those of the library, digit for digit.</summary>
public sealed class PredictTests
{
    private static readonly string Model = Seqinfer.Demo("model");

    [Fact]
    public void Candidates_from_CSV_on_standard_input()
    {
        (int exitCode, string output, string error) = Seqinfer.RunWith(
            "items,candidates\n12 55 9,1 2 3\n,4\n7,\n", [], "predict", "--model", Model, "--output", "candidate_scores");
        Assert.True(exitCode == 0, error);
        using SequenceModel model = SequenceModel.Load(Model);
        Assert.Equal([Text(model.Score([12, 55, 9], [1, 2, 3])), Text(model.Score([], [4])), ""], output.ReplaceLineEndings("\n").Split('\n')[..3]);
    }

    [Fact]
    public void Ranked_lists_from_safetensors()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("in.safetensors");
        SafetensorsWriter.Write(file, [TensorData.FromValues("items", new Shape(2, 4), (long[])[0, 12, 55, 9, 7, 0, 0, 0])]);
        string output = Seqinfer.Output("predict", "--model", Model, "--input", file, "--output", "top_k", "-k", "3");
        using SequenceModel model = SequenceModel.Load(Model);
        Assert.Equal([Text(model.Recommend([12, 55, 9], 3)), Text(model.Recommend([7], 3))], Seqinfer.Lines(output));

        SafetensorsWriter.Write(
            file,
            [
                TensorData.FromValues("items", new Shape(4), (long[])[12, 55, 9, 7]),
                TensorData.FromValues("items.offsets", new Shape(3), (long[])[0, 3, 4]),
            ]);
        Assert.Equal(output, Seqinfer.Output("predict", "--model", Model, "--input", file, "--output", "top_k", "-k", "3", "--batch", "1"));
    }

    [Fact]
    public void Dense_features_from_a_column_each()
    {
        string golden = Goldens.Case("sequential-logistic");
        using SafetensorsFile inputs = SafetensorsFile.Open(Path.Combine(golden, "inputs.safetensors"));
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(golden, "expected.safetensors"));
        float[] x = inputs["x"].ToSingles();
        double[] y = expected["output_f64"].ToDoubles();
        int width = x.Length / y.Length;
        using var folder = new TemporaryFolder();
        IEnumerable<string> rows = x.Chunk(width).Select(row => string.Join(',', row.Select(Text)));
        File.WriteAllLines(folder.File("x.csv"), [string.Join(',', Enumerable.Range(0, width).Select(i => $"x{i}")), .. rows]);

        JsonElement json = Seqinfer.Json("predict", "--model", golden, "--input", folder.File("x.csv"), "--json");
        Assert.Equal("output", json.GetProperty("output").GetString());
        double[] ours = [.. json.GetProperty("rows").EnumerateArray().Select(row => Assert.Single(row.EnumerateArray()).GetDouble())];
        Assert.Equal(y.Length, ours.Length);
        for (int i = 0; i < y.Length; i++)
            Assert.Equal(y[i], ours[i], 1e-6);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Assert.Contains("no output 'logits'; there are: candidate_scores", Seqinfer.Error("predict", "--model", Model, "--output", "logits"), StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.csv"), "items,mood\n1,2\n");
        Assert.Contains("column 'mood' is no input", Seqinfer.Error("predict", "--model", Model, "--input", folder.File("x.csv")), StringComparison.Ordinal);
        File.WriteAllText(folder.File("x.csv"), "items\n1\n");
        Assert.Contains("needs the input 'candidates'", Seqinfer.Error("predict", "--model", Model, "--input", folder.File("x.csv")), StringComparison.Ordinal);
        Assert.Contains("no such file", Seqinfer.Error("predict", "--model", Model, "--input", folder.File("absent.csv")), StringComparison.Ordinal);
    }

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(float[] values) => string.Join(' ', values.Select(Text));

    private static string Text(ScoredItem[] items) => string.Join(' ', items.Select(item => $"{item.Id}:{Text(item.Score)}"));
}
