using System.Text;
using SeqInfer.Cli.Verification;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Verification;

/// <summary>Every form that a case.json may have.</summary>
public sealed class CaseReaderTests
{
    [Theory]
    [InlineData("""{"tensor":"x","padding_side":"left","pad_id":0}""", "i", "x left 0 -")]
    [InlineData("""{"tensor":"x","padding_side":"right","pad_id":-1,"lengths":"n"}""", "i", "x right -1 n")]
    [InlineData("""{"tensor":"x","padding_side":"right","pad_id":7}""", "i", "x right 7 -")]
    [InlineData("""{"tensor":"x","lengths":"n"}""", "i", "x right 0 n")]
    [InlineData("""{"tensor":"x"}""", "i", "x")]
    [InlineData("\"x\"", "i", "x")]
    [InlineData("""{"tensor":"x","column":3}""", "i", "x[3]")]
    [InlineData("""{"ids":"a","offsets":"b"}""", "i", "a/b")]
    [InlineData("""{"age":{"tensor":"x","column":2},"class":{"tensor":"c"}}""", "i.age i.class", "x[2] c")]
    [InlineData("""{"release_year":"y","class":"c"}""", "i.release_year i.class", "y c")]
    [InlineData("""{"users":"u","items":"v"}""", "i.users i.items", "u v")]
    [InlineData("""{"offsets":"o","items":"v"}""", "i.offsets i.items", "o v")]
    public void Inputs(string json, string names, string expected)
    {
        CaseDefinition definition = Read($$"""{"format":1,"inputs":{"i":{{json}}},"outputs":[{"output":"scores","expected":"e","atol":1}]}""");
        Assert.Equal(names.Split(' '), definition.Inputs.Keys);
        Assert.Equal(expected, string.Join(' ', definition.Inputs.Values.Select(Describe)));
    }

    [SkippableFact]
    public void Every_published_case_is_readable()
    {
        string[] folders = [.. Directory.EnumerateDirectories(SharedCases.Require()).Where(CaseReader.IsCase)];
        Assert.NotEmpty(folders);
        Assert.All(folders, folder => Assert.NotEmpty(CaseReader.Read(folder).Inputs));
    }

    [Fact]
    public void Values()
    {
        var output = (ValuesOutput)ReadOutput("""{"output":"hidden","expected":"e","atol":1e-05,"where":"mask"}""");
        Assert.Equal(("hidden", "e", 1e-5, "mask"), (output.Output, output.Expected, output.Tolerance, output.Where));
        Assert.IsType<RowPick.All>(output.Rows);
    }

    [Fact]
    public void Rows()
    {
        Assert.Equal(new RowPick.First(8), ReadOutput("""{"output":"o","expected":"e","atol":0,"rows":{"first":8}}""").Rows);
        Assert.Equal(new RowPick.Every(16), ReadOutput("""{"output":"o","expected":"e","atol":0,"rows":{"every":16}}""").Rows);
        Assert.Equal(new RowPick.Listed("nodes"), ReadOutput("""{"output":"o","expected":"e","atol":0,"rows":{"tensor":"nodes"}}""").Rows);
    }

    [Fact]
    public void Ranked_lists()
    {
        const string Fields = "\"output\":\"top_k\",\"k\":5,\"ids\":\"i\",\"scores\":\"s\",\"atol\":1";
        var plain = (TopKOutput)ReadOutput($"{{{Fields}}}");
        Assert.Equal((5, "i", "s", null), (plain.K, plain.Ids, plain.Scores, plain.Similarity));
        Assert.Equal(new CaseExclusion.None(), plain.Exclude);
        Assert.Empty(plain.ExcludeIds);
        Assert.Equal("top_k", plain.Label);

        var full = (TopKOutput)ReadOutput($"{{{Fields},\"similarity\":\"cosine\",\"exclude_ids\":[0,3],\"exclude\":\"items\"}}");
        Assert.Equal([0, 3], full.ExcludeIds);
        Assert.Equal(new CaseExclusion.Input("items"), full.Exclude);
        Assert.Equal("top_k (cosine)", full.Label);
        Assert.Equal(new CaseExclusion.TrainEdges(), ((TopKOutput)ReadOutput($"{{{Fields},\"exclude\":\"train_edges\"}}")).Exclude);
        Assert.Equal(
            new CaseExclusion.Lists(new RaggedInput("a", "b")),
            ((TopKOutput)ReadOutput($"{{{Fields},\"exclude\":{{\"ids\":\"a\",\"offsets\":\"b\"}}}}")).Exclude);
    }

    [Theory]
    [InlineData("[]", "JSON object")]
    [InlineData("{", "case.json")]
    [InlineData("""{"format":2,"inputs":{},"outputs":[]}""", "expected 1")]
    [InlineData("""{"inputs":{},"outputs":[]}""", "nothing to compare")]
    [InlineData("""{"outputs":[]}""", "'inputs'")]
    [InlineData("""{"inputs":{"i":5},"outputs":[]}""", "inputs.i")]
    [InlineData("""{"inputs":{"i":{"tensor":"x","padding_side":"top"}},"outputs":[]}""", "\"left\", \"right\"")]
    [InlineData("""{"inputs":{"i":{"tensor":"x","pad_idd":0}},"outputs":[]}""", "inputs.i.pad_idd")]
    [InlineData("""{"inputs":{},"outputs":[{"output":"o","expected":"e"}]}""", "outputs[0].atol")]
    [InlineData("""{"inputs":{},"outputs":[{"output":"o","expected":"e","atol":-1}]}""", "outputs[0].atol")]
    [InlineData("""{"inputs":{},"outputs":[{"output":"o","expected":"e","atol":1,"rows":{"last":1}}]}""", "outputs[0].rows.last")]
    [InlineData("""{"inputs":{},"outputs":[{"output":"top_k","k":0,"ids":"i","scores":"s","atol":1}]}""", "outputs[0].k")]
    [InlineData("""{"inputs":{},"outputs":[{"output":"top_k","k":1,"ids":"i","scores":"s","atol":1,"exclude_ids":["a"]}]}""", "outputs[0].exclude_ids")]
    public void Mistakes_are_named(string json, string part) =>
        Assert.Contains(part, Assert.Throws<CaseFormatException>(() => Read(json)).Message, StringComparison.Ordinal);

    private static CaseOutput ReadOutput(string json) => Assert.Single(Read($$"""{"inputs":{},"outputs":[{{json}}]}""").Outputs);

    private static CaseDefinition Read(string json)
    {
        using var folder = new TemporaryFolder();
        folder.Write("case.json", Encoding.UTF8.GetBytes(json));
        return CaseReader.Read(folder.Path);
    }

    private static string Describe(CaseInput input) => input switch
    {
        TensorInput { Padding: { } padding } tensor => $"{tensor.Tensor} {(padding.Side == PaddingEnd.Left ? "left" : "right")} {padding.PadId} {padding.Lengths ?? "-"}",
        TensorInput { Column: int column } tensor => $"{tensor.Tensor}[{column}]",
        TensorInput tensor => tensor.Tensor,
        RaggedInput ragged => $"{ragged.Ids}/{ragged.Offsets}",
        _ => "?",
    };
}
