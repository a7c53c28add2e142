using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Cli;

/// <summary>Version, help and errors.</summary>
public sealed class GeneralTests
{
    private static readonly string Model = Seqinfer.Demo("model");

    [Fact]
    public void The_version_is_a_number() => Assert.Matches(@"^\d+\.\d+\.\d+\s*$", Seqinfer.Output("--version"));

    [Theory]
    [InlineData("inspect")]
    [InlineData("verify")]
    [InlineData("predict")]
    [InlineData("recommend")]
    [InlineData("evaluate")]
    [InlineData("demo")]
    public void Every_command_has_help_with_examples(string command)
    {
        Assert.Contains($"  {command} ", Seqinfer.Output("--help"), StringComparison.Ordinal);
        string help = Seqinfer.Output(command, "--help");
        Assert.Contains("Examples:", help, StringComparison.Ordinal);
        Assert.Contains($"seqinfer {command} ", help, StringComparison.Ordinal);
        Assert.Contains("--device", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_errors_name_what_is_wrong()
    {
        Assert.Contains("seqinfer --help", Seqinfer.Error(), StringComparison.Ordinal);
        Assert.Contains("'foretell'", Seqinfer.Error("foretell"), StringComparison.Ordinal);
        Assert.Contains("'case'", Seqinfer.Error("verify"), StringComparison.Ordinal);
        Assert.Contains("--model", Seqinfer.Error("evaluate", "--dataset", "x"), StringComparison.Ordinal);
        Assert.Contains("'some' is not an integer", Seqinfer.Error("recommend", "--model", Model, "1", "-k", "some"), StringComparison.Ordinal);
        Assert.Contains("'0' is not an integer of at least 1", Seqinfer.Error("recommend", "--model", Model, "1", "-k", "0"), StringComparison.Ordinal);
        Assert.Contains("'full' 'sampled'", Seqinfer.Error("evaluate", "--model", Model, "--dataset", "x", "--mode", "half"), StringComparison.Ordinal);
        Assert.Contains("Give ids, --log, --input or --user", Seqinfer.Error("recommend", "--model", Model), StringComparison.Ordinal);
        Assert.Contains("do not go together", Seqinfer.Error("recommend", "--model", Model, "1", "--log", "x"), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_name_their_cause()
    {
        Assert.Contains("id 99999 is outside 1 .. 418", Seqinfer.Error("recommend", "--model", Model, "12", "99999"), StringComparison.Ordinal);
        Assert.Matches("there are: cpu, .*reference", Seqinfer.Error("recommend", "--model", Model, "12", "--device", "abacus"));
        Assert.Contains("config.json", Seqinfer.Error("recommend", "--model", Seqinfer.Demo(), "12"), StringComparison.Ordinal);
        Assert.Contains("no such file", Seqinfer.Error("inspect", "/nowhere/at/all"), StringComparison.Ordinal);
        Assert.Contains("no user 'nobody'", Seqinfer.Error("recommend", "--model", Model, "--log", Seqinfer.Demo("events.csv"), "--user", "nobody"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_config_is_one_line_that_names_the_allowed_values()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Model, "model.safetensors"), folder.File("model.safetensors"));
        string config = File.ReadAllText(Path.Combine(Model, "config.json"));
        File.WriteAllText(folder.File("config.json"), config.Replace("\"pre_norm\"", "\"sideways\"", StringComparison.Ordinal));
        string error = Seqinfer.Error("inspect", folder.Path);
        Assert.Contains("field 'block': \"sideways\" is not allowed; expected \"query_norm\"", error, StringComparison.Ordinal);

        // Another number of layers leaves tensors over: all are named, in one line.
        File.WriteAllText(folder.File("config.json"), config.Replace("\"num_layers\": 2", "\"num_layers\": 3", StringComparison.Ordinal));
        Assert.Contains("attention_layers.2.out_proj.weight", Seqinfer.Error("inspect", folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user_id,item_id\n1,2\n", "no column 'timestamp'")]
    [InlineData("user_id,item_id,timestamp\n1,x,3\n", "line 2, column 'item_id': 'x' is not a 32-bit integer")]
    [InlineData("user_id,item_id,timestamp\n1,2,3\n1,2,soon\n", "line 3, column 'timestamp': 'soon'")]
    [InlineData("user_id,item_id,timestamp\n1,2\n", "events.csv")]
    [InlineData("user_id,item_id,timestamp\n", "no events")]
    [InlineData("", "events.csv")]
    public void A_wrong_log_is_an_error_that_names_the_line(string csv, string part)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("events.csv"), csv);
        Assert.Contains(part, Seqinfer.Error("recommend", "--model", Model, "--log", folder.File("events.csv")), StringComparison.Ordinal);
    }
}
