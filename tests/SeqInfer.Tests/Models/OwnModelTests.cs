using System.Text;
using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Models;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Models;

/// <summary>A family of one's own, as CONTRIBUTING.md shows it: written once against layers and devices, registered by name.</summary>
public class OwnModelTests
{
    // begin: own model
    /// <summary>The mean of the last events' rows, through one layer; the score of an item is the inner product with its row.</summary>
    public sealed class MeanOfEvents : SequenceEncoder
    {
        private readonly Table _items;
        private readonly Linear _project;

        /// <summary>Reads configuration and weights: a wrong or missing field or tensor is an error that names it.</summary>
        public MeanOfEvents(ModelConfig config, WeightScope weights, Device device)
            : base(device, Shape(config))
        {
            int size = config.Int("hidden_size");
            Parameter items = weights.Matrix("items.weight", config.Int("num_items") + 1, size);
            _items = device.CreateTable(items);
            _project = new Linear(device, weights.Scope("project"), size, size);
            RankWith(device.CreateCatalogue(items, null, new CatalogueOptions { ExcludedIds = [0] }));
        }

        /// <summary>hidden = tanh(W mean(rows of the history) + b); takes all its memory from the workspace and gives it back.</summary>
        protected override void Encode(ForwardPass pass, Tensor hidden)
        {
            Workspace workspace = pass.Workspace;
            using WorkspaceFrame frame = workspace.Frame();
            Ragged histories = pass.Sequences(0, out Indices ids);
            Tensor rows = workspace.Take(ids.Count, _items.ColumnCount);
            Device.Embed(workspace, ids, _items, rows);
            Tensor mean = workspace.Take(histories.Count, _items.ColumnCount);
            Device.Pool(workspace, rows, histories, PoolKind.Mean, mean);
            _project.Forward(workspace, mean, hidden, ActivationKind.Tanh);
        }

        private static SequenceEncoderShape Shape(ModelConfig config) => new(
            config.Int("hidden_size"), FirstId: 1, config.Int("num_items"), config.Int("num_items"), config.Int("max_length"));
    }

    private static void Register() => ModelRegistry.Register(
        "mean-of-events", (config, weights, device) => new MeanOfEvents(config, weights, device));
    // end: own model

    private const string Config = """{"model_type": "mean-of-events", "num_items": 3, "hidden_size": 2, "max_length": 4}""";

    private static readonly float[] Items = [0, 0, 1, 0, 0, 1, -1, 1];

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void It_ranks_as_its_formula_says(string device)
    {
        using SequenceModel model = Create(Config, device);
        float[] scores = model.Score([1, 2, 2], [1, 2, 3]);

        // The mean is (1/3, 2/3), the layer doubles it and adds (0, 0.5).
        double x = Math.Tanh(2.0 / 3);
        double y = Math.Tanh((4.0 / 3) + 0.5);
        double[] expected = [x, y, y - x];
        for (int i = 0; i < scores.Length; i++)
            Assert.Equal(expected[i], scores[i], 6);
        Assert.Equal([2, 1, 3], model.Recommend([1, 2, 2], k: 5).Select(item => item.Id));
        Assert.Equal([1, 3], model.Recommend([1, 2, 2], k: 5, exclude: [2]).Select(item => item.Id));
    }

    [Fact]
    public void It_has_what_every_family_has()
    {
        using SequenceModel model = Create(Config);
        SequenceState state = model.CreateState();
        state.Append(1, 2, 2);
        Assert.Equal(model.Recommend([1, 2, 2], k: 3), model.Recommend(state, k: 3));
        Assert.Contains("mean-of-events", ModelRegistry.Names);
    }

    [Fact]
    public void Its_fields_and_tensors_are_checked()
    {
        ModelConfigException field = Assert.Throws<ModelConfigException>(
            () => Create("""{"model_type": "mean-of-events", "num_items": 3, "hidden_size": 2, "max_length": 4, "layers": 2}"""));
        Assert.Contains("layers", field.Message, StringComparison.Ordinal);
        WeightMismatchException tensors = Assert.Throws<WeightMismatchException>(
            () => Create("""{"model_type": "mean-of-events", "num_items": 4, "hidden_size": 2, "max_length": 4}"""));
        Assert.Contains("items.weight", tensors.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_guide_shows_this_code()
    {
        string source = File.ReadAllText(Path.Combine(Infrastructure.Goldens.Repository, "tests", "SeqInfer.Tests", "Models", "OwnModelTests.cs"));
        string shown = Between(source, "    // begin: own model\n", "    // end: own model\n");
        string guide = File.ReadAllText(Path.Combine(Infrastructure.Goldens.Repository, "CONTRIBUTING.md"));
        string code = string.Join('\n', shown.Split('\n').Select(line => line.StartsWith("    ", StringComparison.Ordinal) ? line[4..] : line));
        Assert.Contains("```csharp\n" + code + "```", guide, StringComparison.Ordinal);
    }

    private static string Between(string text, string begin, string end)
    {
        int start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[start..text.IndexOf(end, start, StringComparison.Ordinal)];
    }

    private static SequenceModel Create(string config, string device = "cpu")
    {
        Register();
        return SequenceModel.Create(
            ModelConfig.Parse("config.json", Encoding.UTF8.GetBytes(config)),
            [
                TensorInfo.FromValues("items.weight", new Shape(4, 2), Items),
                TensorInfo.FromValues("project.weight", new Shape(2, 2), [2, 0, 0, 2]),
                TensorInfo.FromValues("project.bias", new Shape(2), [0, 0.5f]),
            ],
            new LoadOptions { Device = device });
    }
}
