using System.Text.Json;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Tests.Verification;

namespace SeqInfer.Tests.Cli;

public sealed class VerifyTests
{
    private static readonly string Golden = Goldens.Case("sasrec-bf16");

    [Fact]
    public void A_table_ends_with_the_count()
    {
        string output = Seqinfer.Output("verify", Golden, Goldens.Case("catalogue-f16"));
        Assert.Equal("2 passed, 0 failed", Seqinfer.Lines(output)[^1]);
        Assert.Matches(@"sasrec-bf16 +candidate_scores +\S+ +\S+ +passed", output);
        Assert.Matches(@"catalogue-f16 +top_k \(neg_l2_squared\) ", output);
    }

    [Fact]
    public void Json_has_every_comparison()
    {
        JsonElement one = Assert.Single(Seqinfer.Json("verify", Golden, "--json", "--batch", "3").GetProperty("cases").EnumerateArray());
        Assert.Equal("sasrec-bf16", one.GetProperty("name").GetString());
        Assert.True(one.GetProperty("passed").GetBoolean());
        JsonElement[] outputs = [.. one.GetProperty("outputs").EnumerateArray()];
        Assert.Equal(["hidden", "candidate_scores", "scores", "top_k"], outputs.Select(output => output.GetProperty("output").GetString()));
        Assert.All(outputs, output =>
        {
            Assert.True(output.GetProperty("passed").GetBoolean());
            Assert.True(output.GetProperty("max_abs_error").GetDouble() <= output.GetProperty("atol").GetDouble());
        });
    }

    [Fact]
    public void Weights_of_a_bfloat16_file_pass_as_bfloat16_and_not_as_integers()
    {
        JsonElement lossless = Seqinfer.Json("verify", Golden, "--json", "--weights", "bf16");
        Assert.Equal("bf16", lossless.GetProperty("weights").GetString());
        (int exitCode, string output, _) = Seqinfer.Run("verify", Golden, "--weights", "int8");
        Assert.Equal(1, exitCode);
        Assert.Equal("0 passed, 1 failed", Seqinfer.Lines(output)[^1]);
    }

    [Theory]
    [InlineData("rcm")]
    [InlineData("communities")]
    public void Graphs_pass_in_every_order_of_their_nodes(string order)
    {
        (int exitCode, string output, _) = Seqinfer.Run("verify", Goldens.Case("gcn-pyg"), Goldens.Case("gat-pyg"), Goldens.Case("graphsage-pyg-mean"), "--reordering", order);
        Assert.Equal(0, exitCode);
        Assert.Equal("3 passed, 0 failed", Seqinfer.Lines(output)[^1]);
    }

    [Fact]
    public void An_order_that_does_not_exist_is_named_with_those_that_do() =>
        Assert.Contains("'hubs' is unknown; there are: none, rcm, communities", Seqinfer.Error("verify", Golden, "--reordering", "hubs"), StringComparison.Ordinal);

    [Theory]
    [InlineData("avx512")]
    [InlineData("avx2")]
    [InlineData("vector128")]
    [InlineData("scalar")]
    public void Every_golden_case_passes_at_the_width_that_the_environment_names(string isa)
    {
        if (!IsaDetection.Supported.Any(supported => IsaDetection.NameOf(supported) == isa))
        {
            (int refused, _, string message) = Seqinfer.RunWith("", [(IsaDetection.EnvironmentVariable, isa)], "verify", Golden);
            Assert.Equal(2, refused);
            Assert.Contains(isa, message, StringComparison.Ordinal);
            return;
        }

        (int exitCode, string output, string error) = Seqinfer.RunWith(
            "", [(IsaDetection.EnvironmentVariable, isa)], ["verify", "--json", .. Goldens.CaseNames.Select(Goldens.Case)]);
        Assert.True(exitCode == 0, error + output);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement[] cases = [.. document.RootElement.GetProperty("cases").EnumerateArray()];
        Assert.Equal(Goldens.CaseNames, cases.Select(one => one.GetProperty("name").GetString()));
        Assert.All(cases, one => Assert.Contains(isa, one.GetProperty("kernels").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_case_that_fails_is_exit_code_1_and_the_others_still_run()
    {
        using var spoilt = new CaseCopy("sasrec-bf16");
        spoilt.EditTensor("expected.safetensors", "hidden_f64", values => values[0] += 1);
        using var broken = new CaseCopy("sasrec-bf16");
        broken.EditJson("config.json", root => root["model_type"] = "crystal_ball");

        (int exitCode, string output, string error) = Seqinfer.Run("verify", spoilt.Path, broken.Path, Golden);
        Assert.Equal(1, exitCode);
        Assert.Empty(error);
        Assert.Equal("1 passed, 2 failed", Seqinfer.Lines(output)[^1]);
        Assert.Matches(@"hidden +1\.00e00 +\S+ +FAILED: row 0, column 0: expected ", output);
        Assert.Contains("\"crystal_ball\" is not allowed; expected one of ", output, StringComparison.Ordinal);

        (exitCode, output, _) = Seqinfer.Run("verify", broken.Path, spoilt.Path, Golden, "--json");
        Assert.Equal(1, exitCode);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement[] cases = [.. document.RootElement.GetProperty("cases").EnumerateArray()];
        Assert.Equal([false, false, true], cases.Select(one => one.GetProperty("passed").GetBoolean()));
        Assert.Contains("crystal_ball", cases[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal([false, true, true, true], cases[1].GetProperty("outputs").EnumerateArray().Select(one => one.GetProperty("passed").GetBoolean()));
    }

    [Fact]
    public void A_folder_that_is_no_case_is_exit_code_2()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no case.json", Seqinfer.Error("verify", folder.Path), StringComparison.Ordinal);
        Assert.Contains("no such folder", Seqinfer.Error("verify", folder.File("absent")), StringComparison.Ordinal);
        Assert.Contains("no such folder", Seqinfer.Error("verify", Golden, folder.File("absent")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_beside_cases_is_left_out_and_said()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("README.md", "about cases"u8);
        (int exitCode, string output, string error) = Seqinfer.Run("verify", folder.Path, Golden, file);
        Assert.Equal(0, exitCode);
        Assert.Equal("1 passed, 0 failed", Seqinfer.Lines(output)[^1]);
        Assert.Equal([$"left out: {folder.Path} has no case.json", $"left out: {file} has no case.json"], Seqinfer.Lines(error));
    }
}
