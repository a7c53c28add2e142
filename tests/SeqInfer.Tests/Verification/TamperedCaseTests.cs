using System.Text.Json.Nodes;
using SeqInfer.Cli.Verification;

namespace SeqInfer.Tests.Verification;

/// <summary>A case that is not met must fail, and a case that cannot be run must say why.</summary>
public sealed class TamperedCaseTests
{
    private const string Case = "recurrent-lstm";

    [Theory]
    [InlineData("hidden", "hidden_f64")]
    [InlineData("state_h", "state_h_f64")]
    [InlineData("state_c", "state_c_f64")]
    [InlineData("candidate_scores", "candidate_scores_f64")]
    [InlineData("scores", "scores_f64_first4")]
    [InlineData("top_k", "top10_scores_f64")]
    public void A_value_beyond_the_tolerance_fails_its_output_alone(string output, string tensor)
    {
        using var copy = new CaseCopy(Case);
        copy.EditTensor("expected.safetensors", tensor, values => values[^1] += 1e-3);
        CaseReport report = Verify(copy);
        Assert.False(report.Passed);
        OutputReport failed = Assert.Single(report.Outputs, one => !one.Passed);
        Assert.Equal(output, failed.Output);
        Assert.InRange(failed.MaxAbsError, 0.9e-3, 1.1e-3);
    }

    [Fact]
    public void A_value_that_is_no_number_fails()
    {
        using var copy = new CaseCopy(Case);
        copy.EditTensor("expected.safetensors", "hidden_f64", values => values[3] = double.NaN);
        OutputReport failed = Assert.Single(Verify(copy).Outputs, output => !output.Passed);
        Assert.True(double.IsNaN(failed.MaxAbsError));
        Assert.Contains("row 0, column 3: expected NaN", failed.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(9)]
    public void Another_id_fails_whatever_its_rank(int rank)
    {
        using var copy = new CaseCopy(Case);
        copy.EditTensor("expected.safetensors", "top10_ids", ids => ids[rank] = Enumerable.Range(1, 60).First(id => !ids.Take(10).Contains(id)));
        OutputReport failed = Assert.Single(Verify(copy).Outputs, output => !output.Passed);
        Assert.Contains($"row 0, rank {rank}: expected id", failed.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_item_that_is_to_be_excluded_for_a_row_fails()
    {
        using var copy = new CaseCopy("catalogue-bf16");

        // What the reference lists first may now not come back: the engine obeys, and the lists differ.
        copy.EditJson("case.json", root =>
        {
            root["outputs"]![0]!.AsObject().Remove("exclude");
            root["outputs"]![0]!["exclude_ids"] = new JsonArray(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        });
        Assert.False(Verify(copy).Passed);
    }

    [Fact]
    public void A_tensor_of_another_shape_fails()
    {
        using var copy = new CaseCopy(Case);
        copy.EditJson("case.json", root => root["outputs"]![0]!["rows"] = new JsonObject { ["first"] = 3 });
        OutputReport failed = Assert.Single(Verify(copy).Outputs, output => !output.Passed);
        Assert.Contains("'hidden_f64'", failed.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_the_model_lacks_fails_and_the_others_are_compared()
    {
        using var copy = new CaseCopy(Case);
        copy.EditJson("case.json", root => root["outputs"]![0]!["output"] = "logits");
        CaseReport report = Verify(copy);
        Assert.Null(report.Error);
        OutputReport failed = Assert.Single(report.Outputs, output => !output.Passed);
        Assert.Contains("no such output; its outputs are candidate_scores", failed.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_the_model_lacks_is_an_error()
    {
        using var copy = new CaseCopy(Case);
        copy.EditJson("case.json", root => root["inputs"]!["users"] = new JsonObject { ["tensor"] = "lengths" });
        AssertError(Verify(copy), "inputs.users", "no such input", "items: int32[batch, ragged");
    }

    [Fact]
    public void A_required_input_without_values_is_an_error()
    {
        using var copy = new CaseCopy(Case);
        copy.EditJson("case.json", root => root["inputs"]!.AsObject().Remove("items"));
        AssertError(Verify(copy), "needs the input 'items'");
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_an_error()
    {
        using var copy = new CaseCopy(Case);
        copy.EditJson("case.json", root => root["inputs"]!["items"]!["tensor"] = "histories");
        AssertError(Verify(copy), "inputs.safetensors", "\"histories\"");
    }

    [Fact]
    public void An_id_outside_the_model_is_an_error()
    {
        using var copy = new CaseCopy(Case);
        copy.EditTensor("inputs.safetensors", "candidates", ids => ids[0] = 100_000);
        AssertError(Verify(copy), "'candidates'", "100000");
    }

    [Fact]
    public void A_family_that_is_unknown_is_an_error_that_names_the_known_ones()
    {
        using var copy = new CaseCopy(Case);
        copy.EditJson("config.json", root => root["model_type"] = "crystal_ball");
        AssertError(Verify(copy), "crystal_ball", "sasrec");
    }

    [Fact]
    public void A_wrong_config_field_is_an_error_that_names_the_allowed_values()
    {
        using var copy = new CaseCopy(Case);
        copy.EditJson("config.json", root => root["cell"] = "transistor");
        AssertError(Verify(copy), "field 'cell'", "transistor", "\"lstm\", \"gru\", \"rnn_tanh\", \"rnn_relu\"");
    }

    [Fact]
    public void A_misspelt_field_of_a_case_is_an_error()
    {
        using var copy = new CaseCopy(Case);
        copy.Replace("case.json", "\"atol\"", "\"rtol\"");
        AssertError(Verify(copy), "case.json", "outputs[0].atol", "missing");
    }

    [Fact]
    public void A_model_without_weights_is_an_error()
    {
        using var copy = new CaseCopy(Case);
        File.Delete(Path.Combine(copy.Path, "model.safetensors"));
        AssertError(Verify(copy), "model.safetensors");
    }

    private static CaseReport Verify(CaseCopy copy) => CaseRunner.Verify(copy.Path, new VerifyOptions());

    private static void AssertError(CaseReport report, params string[] parts)
    {
        Assert.False(report.Passed);
        Assert.All(parts, part => Assert.Contains(part, report.Error, StringComparison.Ordinal));
    }
}
