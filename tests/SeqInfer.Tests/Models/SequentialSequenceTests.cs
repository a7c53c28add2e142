using System.Text;
using SeqInfer.Models;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Models;

/// <summary>What a list of layers over sequences may not be, and numbers that can be followed by hand.</summary>
public class SequentialSequenceTests
{
    private const string Conv = """{"type": "conv1d", "name": "c", "in": 1, "out": 1, "kernel_size": 2, "stride": 1, "padding": "causal", "dilation": 2, "bias": false, "kernel_layout": "out_in_k"}""";
    private const string Last = """{"type": "global_pool", "function": "last"}""";

    [Theory]
    [InlineData("layers[0].type", "no sequence", "features", Last)]
    [InlineData("outputs.y", "gives a sequence", "sequence", Conv)]
    [InlineData("layers[0].type", "first layer over ids", "ids", Last)]
    [InlineData("layers[0].kernel_size", "gives 4 steps", "sequence", """{"type": "pool1d", "function": "max", "kernel_size": 5, "stride": 1}""")]
    [InlineData("layers[1].type", "not allowed here", "sequence", Last, """{"type": "embedding", "name": "e", "rows": 2, "size": 2}""")]
    [InlineData("layers[1].type", "no sequence", "sequence", Last, Last)]
    public void Layers_that_do_not_fit_are_named(string field, string problem, string input, params string[] layers)
    {
        ModelConfigException error = Assert.Throws<ModelConfigException>(() => Create(input, layers));
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stride_with_causal_padding_is_refused()
    {
        string strided = Conv.Replace("\"stride\": 1", "\"stride\": 2", StringComparison.Ordinal);
        Assert.Contains("stride", Assert.Throws<ModelConfigException>(() => Create("sequence", strided, Last)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_causal_convolution_looks_back_by_its_dilation()
    {
        // y = 10 x[t - 2] + x[t], zeros before the first step
        Assert.Equal([1, 2, 13, 24], Run([Conv, """{"type": "flatten", "order": "time_first"}"""], [1, 2, 3, 4]));
        Assert.Equal([24], Run([Conv, Last], [1, 2, 3, 4]));
    }

    [Fact]
    public void An_incomplete_last_window_is_dropped()
    {
        string pool = """{"type": "pool1d", "function": "mean", "kernel_size": 3, "stride": 2}""";
        Assert.Equal([2], Run([pool, """{"type": "flatten", "order": "channels_first"}"""], [1, 2, 3, 4]));
    }

    private static float[] Run(string[] layers, float[] x)
    {
        using SequenceModel model = Create("sequence", layers);
        using ModelWorkspace workspace = model.CreateWorkspace();
        Inputs.Batch batch = model.CreateBatch();
        batch.Values("features").Add(x);
        model.Run(batch, workspace);
        float[] y = new float[workspace["y"].ElementCount];
        workspace["y"].CopyTo(y);
        return y;
    }

    private static SequenceModel Create(string input, params string[] layers)
    {
        string size = input == "ids" ? "" : "\"input_size\": 1, ";
        string length = input == "features" ? "" : "\"input_length\": 4, ";
        string config = $$"""{"model_type": "sequential", "input": "{{input}}", {{size}}{{length}}"layers": [{{string.Join(", ", layers)}}], "outputs": {"y": -1} }""";
        TensorInfo[] tensors = [TensorInfo.FromValues("c.weight", new Shape(1, 1, 2), [10, 1])];
        return SequenceModel.Create(
            ModelConfig.Parse("config.json", Encoding.UTF8.GetBytes(config)), config.Contains("conv1d", StringComparison.Ordinal) ? tensors : []);
    }
}
