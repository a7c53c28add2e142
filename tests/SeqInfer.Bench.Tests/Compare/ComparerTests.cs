using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Cells;
using SeqInfer.Bench.Compare.Reports;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.Tests.OnnxRuntime;
using Spectre.Console;

namespace SeqInfer.Bench.Tests.Compare;

/// <summary>The matrix: that every cell builds, runs and agrees on both sides, in small.</summary>
public class ComparerTests
{
    private static readonly IAnsiConsole Silent = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });

    public static TheoryData<string> Names => [.. CellTable.Small.Select(cell => cell.Name)];

    [Fact]
    public void The_small_matrix_has_the_cells_of_the_large_one() =>
        Assert.Equal(CellTable.All.Select(cell => cell.Name), CellTable.Small.Select(cell => cell.Name));

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Both_sides_agree(string name)
    {
        Comparison comparison = Comparer.Run(OrtFixture.Require(), Options with { Cells = [name] }, Silent);
        Assert.Empty(comparison.Failures);
        Assert.NotEmpty(comparison.Results);
        Assert.All(comparison.Results, result => Assert.True(double.IsNaN(result.Ours.MedianMicroseconds)));
    }

    [SkippableFact]
    public void Sides_that_disagree_are_failures_and_the_others_go_on()
    {
        BenchModel good = Zoo.Dense("good", 6, 9, 1);
        BenchModel bad = Zoo.Dense("bad", 6, 9, 1) with { Peer = Zoo.Dense("other", 6, 9, 1) with { Config = Zoo.Dense("other", 6, 9, 1).Config.Replace("relu", "tanh", StringComparison.Ordinal) } };
        Comparison comparison = Comparer.Run(
            OrtFixture.Require(), Options with { Threads = [1], Table = [new ModelCell(bad, "not the same", 1), new ModelCell(good, "the same", 1)] }, Silent);
        Assert.Equal("good", Assert.Single(comparison.Results).Cell);
        Assert.StartsWith("bad, batch 1", Assert.Single(comparison.Failures).Name, StringComparison.Ordinal);
        Assert.False(VerificationReport.Write(Silent, comparison));
    }

    [SkippableFact]
    public void What_is_not_in_the_matrix_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Comparer.Run(OrtFixture.Require(), Options with { Cells = ["no such cell"] }, Silent));
        Assert.Throws<ArgumentException>(() => Comparer.Run(OrtFixture.Require(), Options with { Weights = ["fp64"] }, Silent));
    }

    private static ComparerOptions Options => new()
    {
        Table = CellTable.Small,
        Schedule = Schedule.None,
        Threads = [.. new[] { 1, Environment.ProcessorCount }.Distinct()],
        Weights = WeightForms.All,
    };
}
