using SeqInfer.Inputs;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests;

/// <summary>The README's sample runs, and is the code below to the letter.</summary>
public class ReadMeTests
{
    [Fact]
    public void The_sample_runs_on_the_shipped_model()
    {
        string directory = Path.Combine(Goldens.Repository, "src", "SeqInfer.Cli", "demo", "model");

        // README begins
        using var model = SequenceModel.Load(directory);                      // config.json + model.safetensors
        ScoredItem[] top = model.Recommend([12, 55, 9], k: 10);               // newest event last
        float[] scores = model.Score(history: [12, 55, 9], candidates: [7, 8, 99]);

        using ModelWorkspace workspace = model.CreateWorkspace(maxBatch: 64); // one a thread; its size never changes
        Batch batch = model.CreateBatch();
        batch.Ids("items").Add(12, 55, 9);                                    // ragged: a row costs its own length, nothing is padded
        batch.Ids("items").Add(3);
        float[] users = new float[2 * 48];
        model.Predict(batch, workspace, "hidden", users);                     // 0 bytes allocated
        // README ends

        Assert.Equal(10, top.Length);
        Assert.Equal(3, scores.Length);
        Assert.All(users, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void The_sample_in_the_README_is_that_code()
    {
        string[] source = File.ReadAllLines(Path.Combine(Goldens.Repository, "tests", "SeqInfer.Tests", "ReadMeTests.cs"));
        IEnumerable<string> code = Between(source, line => line.Trim() == "// README begins", line => line.Trim() == "// README ends");
        string[] readMe = File.ReadAllLines(Path.Combine(Goldens.Repository, "README.md"));
        IEnumerable<string> sample = Between(readMe, line => line == "```csharp", line => line == "```");
        Assert.Equal(code.Select(line => line.Length > 8 ? line[8..] : ""), sample);
    }

    private static IEnumerable<string> Between(string[] lines, Func<string, bool> first, Func<string, bool> last) =>
        lines.SkipWhile(line => !first(line)).Skip(1).TakeWhile(line => !last(line));
}
