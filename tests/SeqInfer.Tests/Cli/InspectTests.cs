using System.Collections.Concurrent;
using System.Text.Json;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Cli;

public sealed class InspectTests
{
    private static readonly string Model = Seqinfer.Demo("model");

    [Fact]
    public void A_model_shows_its_tensors_family_kernels_inputs_and_outputs()
    {
        string output = Seqinfer.Output("inspect", Model, "--device", "cpu:scalar");
        Assert.Contains("attention_layers.0.in_proj_weight", output, StringComparison.Ordinal);
        Assert.Contains("[144, 48]", output, StringComparison.Ordinal);
        Assert.Matches(@"parameters +51216", output);
        Assert.Matches(@"family +sasrec", output);
        Assert.Matches(@"kernels +\S*scalar", output);
        Assert.Matches(@"input +items: int32\[batch, ragged <= 50\] of 1..418", output);
        Assert.Matches(@"output +scores: float32\[batch, 419\]", output);
        Assert.DoesNotContain("latency", output, StringComparison.Ordinal);
        Assert.Matches(@"latency +\d", Seqinfer.Output("inspect", Model, "--warmup"));
    }

    [Fact]
    public void A_model_in_JSON()
    {
        JsonElement json = Seqinfer.Json("inspect", Model, "--json", "--device", "reference");
        Assert.Equal(51216, json.GetProperty("parameters").GetInt32());
        Assert.Equal("sasrec", json.GetProperty("family").GetString());
        Assert.Equal(28, json.GetProperty("tensors").GetArrayLength());
        Assert.True(json.GetProperty("workspace_bytes").GetInt64() > 0);
        JsonElement table = json.GetProperty("tensors").EnumerateArray().Single(tensor => tensor.GetProperty("name").GetString() == "item_emb.weight");
        Assert.Equal("F32", table.GetProperty("dtype").GetString());
        Assert.Equal([419, 48], table.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt32()));
        Assert.Equal(419 * 48 * 4, table.GetProperty("bytes").GetInt32());
    }

    [Theory]
    [InlineData("bf16")]
    [InlineData("int8")]
    public void Narrow_weights_take_less_memory(string weights)
    {
        JsonElement wide = Seqinfer.Json("inspect", Model, "--json");
        JsonElement narrow = Seqinfer.Json("inspect", Model, "--json", "--weights", weights);
        Assert.Contains($"-{weights}-", narrow.GetProperty("kernels").GetString(), StringComparison.Ordinal);
        Assert.True(narrow.GetProperty("device_bytes").GetInt64() < wide.GetProperty("device_bytes").GetInt64());
        Assert.Contains("there are: fp32, bf16, int8", Seqinfer.Error("inspect", Model, "--weights", "fp8"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_file_shows_its_tensors()
    {
        JsonElement json = Seqinfer.Json("inspect", Path.Combine(Model, "model.safetensors"), "--json");
        Assert.Equal(51216, json.GetProperty("parameters").GetInt32());
        Assert.False(json.TryGetProperty("family", out _));
        Assert.Contains("only a model directory", Seqinfer.Error("inspect", Path.Combine(Model, "model.safetensors"), "--warmup"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_shows_the_tensors_of_all_shards()
    {
        string golden = Goldens.Case("sasrec-sharded");
        JsonElement index = Seqinfer.Json("inspect", Path.Combine(golden, "model.safetensors.index.json"), "--json");
        JsonElement model = Seqinfer.Json("inspect", golden, "--json");
        Assert.Equal(model.GetProperty("tensors").ToString(), index.GetProperty("tensors").ToString());
    }

    [SkippableFact]
    public void The_exit_code_is_the_verdict_of_the_reference_reader()
    {
        string folder = SharedCases.Require("safetensors-format");
        using JsonDocument list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));
        var wrong = new ConcurrentBag<string>();
        Parallel.ForEach(
            list.RootElement.GetProperty("cases").EnumerateArray(),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            one =>
            {
                string file = one.GetProperty("file").GetString()!;
                (int exitCode, _, string error) = Seqinfer.Run("inspect", Path.Combine(folder, file));
                bool accepted = one.GetProperty("expected").GetString() == "accept";
                if (exitCode != (accepted ? 0 : 2) || accepted != (error.Length == 0) || Seqinfer.Lines(error).Length != 1)
                    wrong.Add($"{file}: exit code {exitCode}: {error}");
            });
        Assert.Empty(wrong);
    }
}
