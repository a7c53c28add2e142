using System.Text.Json;
using System.Xml.Linq;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Reports;
using SeqInfer.Bench.Compare.Results;
using SeqInfer.Bench.Limits;

namespace SeqInfer.Bench.Tests.Compare;

/// <summary>The files that a comparison leaves, and the comparison of two of them.</summary>
public sealed class ReportTests : IDisposable
{
    private static readonly string[] CellFields =
        ["cell", "batch", "threads", "weights", "ort_us", "ours_us", "ratio", "ort_p99_us", "ours_p99_us", "percent_of_limit", "max_abs_diff"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqinfer-report-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Compare_json_has_the_machine_and_the_published_fields_of_each_cell()
    {
        JsonReport.Write(_folder.FullName, Comparison(Result("mlp", 10, 4)));
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder.FullName, "compare.json")));
        Assert.Equal(["machine", "cells"], document.RootElement.EnumerateObject().Select(property => property.Name));
        JsonElement cell = Assert.Single(document.RootElement.GetProperty("cells").EnumerateArray());
        Assert.Equal(CellFields, cell.EnumerateObject().Select(property => property.Name));
        Assert.Equal(2.5, cell.GetProperty("ratio").GetDouble());

        // 4000 operations at 2 a nanosecond take 2 us of 4.
        Assert.Equal(50, cell.GetProperty("percent_of_limit").GetDouble(), 6);
    }

    [Fact]
    public void The_mean_is_geometric_and_leaves_traffic_out()
    {
        Comparison comparison = Comparison(
            Result("mlp", 8, 2),
            Result("wide", 1, 1),
            Result("traffic", 1000, 1),
            Result("mlp", 900, 1, weights: "bf16"),
            Result("mlp", 700, 1, threads: 2));
        Assert.Equal(2, comparison.GeometricMean(1), 12);
        Assert.Equal(700, comparison.GeometricMean(2), 9);
        Assert.Equal(double.NaN, comparison.GeometricMean(3));
    }

    [Fact]
    public void Markdown_has_a_line_a_cell_and_says_what_was_left_out()
    {
        string page = MarkdownReport.Text(Comparison(Result("mlp", 1234.6, 4.567)));
        Assert.Contains("| mlp | 1 | 1 | fp32 | 1235 | 4.57 | 270.33 |", page, StringComparison.Ordinal);
        Assert.Contains("- `gcn10k`: a reason", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_threads_stand_beside_one()
    {
        Comparison comparison = Comparison(Result("mlp", 100, 80), Result("wide", 100, 80), Result("mlp", 60, 50, threads: 2));
        (CellResult one, CellResult many) = Assert.Single(comparison.Scaling);
        Assert.Equal((80, 50), (one.Ours.MedianMicroseconds, many.Ours.MedianMicroseconds));
        Assert.Contains("| mlp | 1 | fp32 | 2 | 80.0 | 50.0 | 1.60 | 1.67 |", MarkdownReport.Text(comparison), StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_is_well_formed_and_has_a_bar_a_cell()
    {
        var chart = XDocument.Parse(SvgChart.Text(Comparison(Result("a&b", 10, 4), Result("mlp", 1, 4))));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal(1 + 2, chart.Root!.Elements(svg + "rect").Count());
        Assert.Contains(chart.Root.Elements(svg + "text"), text => text.Value.StartsWith("a&b", StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_that_move_within_their_noise_are_the_same_and_others_are_flagged()
    {
        string older = Folder("older", Comparison(Result("steady", 100, 50), Result("noisy", 100, 50, 0.4), Result("faster", 100, 50), Result("slower", 100, 50), Result("gone", 1, 1)));
        string newer = Folder("newer", Comparison(Result("steady", 100, 50.5), Result("noisy", 100, 60, 0.4), Result("faster", 100, 40), Result("slower", 100, 60), Result("new", 1, 1)));
        var verdicts = ResultChange.Between(ResultFile.Read(older), ResultFile.Read(Path.Combine(newer, "compare.json")))
            .ToDictionary(change => change.Key.Cell, change => change.Verdict);
        Assert.Equal(
            new Dictionary<string, Verdict>
            {
                ["steady"] = Verdict.Same,
                ["noisy"] = Verdict.Same,
                ["faster"] = Verdict.Faster,
                ["slower"] = Verdict.Slower,
                ["gone"] = Verdict.Gone,
                ["new"] = Verdict.New,
            },
            verdicts);
    }

    [Fact]
    public void A_machine_that_is_slower_for_both_sides_moves_nothing()
    {
        ResultLine old = new(100, 50, 0.01);
        Assert.Equal(Verdict.Same, new ResultChange(default, old, new ResultLine(140, 70, 0.01)).Verdict);
    }

    [Fact]
    public void A_file_that_is_no_result_is_named()
    {
        string file = Path.Combine(_folder.FullName, "other.json");
        File.WriteAllText(file, "{\"cells\": 3}");
        ResultFileException e = Assert.Throws<ResultFileException>(() => ResultFile.Read(file));
        Assert.Contains("other.json", e.Message, StringComparison.Ordinal);
    }

    private string Folder(string name, Comparison comparison)
    {
        string folder = _folder.CreateSubdirectory(name).FullName;
        JsonReport.Write(folder, comparison);
        return folder;
    }

    private static Comparison Comparison(params CellResult[] results) => new(
        new MachineInfo("a <cpu>", 2, "avx2", "x64-f32-avx2", "system", "runtime", "1.30.0", "0123456"),
        [Limits],
        results,
        [new MissingCell("gcn10k", "a reason")],
        [],
        results.Select(result => result.Cell).Where(name => name != "traffic").ToHashSet());

    private static MachineLimits Limits => new(1, new CacheSizes(32 << 10, 1 << 20, 32 << 20), 2e9, 4e9, 3e9, 2e9, 1e9);

    private static CellResult Result(string cell, double ort, double ours, double spread = 0.01, int threads = 1, string weights = "fp32") =>
        new(cell, 1, threads, weights)
        {
            Ort = Spread(ort, spread),
            Ours = Spread(ours, spread),
            MaxAbsDiff = 0,
            Work = new Work([new OperationWork(4000, 16)], 16),
            Limits = Limits,
            OrtForm = "Gemm",
        };

    private static Timings Spread(double median, double spread) =>
        new(median, 2 * median, [.. new[] { -1, -0.5, 0, 0.5, 1 }.Select(step => median * (1 + (step * spread)))]);
}
