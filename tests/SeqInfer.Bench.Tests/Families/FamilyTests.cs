using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Families;

namespace SeqInfer.Bench.Tests.Families;

/// <summary>Groups of cases, and the table made of them.</summary>
public sealed class FamilyTests
{
    private static readonly Schedule Shortest = new(1, TimeSpan.Zero, TimeSpan.Zero, 1);

    [Fact]
    public void Cases_are_grouped_by_family_and_reference()
    {
        IReadOnlyList<FamilyGroup> groups = Run(null, "sasrec-pre-norm-gelu", "sasrec-recbole", "sasrec-recbole-bf16", "recurrent-lstm", "recurrent-gru");
        Assert.Equal(
            [("recurrent (gru)", 1), ("recurrent (lstm)", 1), ("sasrec", 1), ("sasrec", 2)],
            groups.Select(group => (group.Family, group.Reports.Count)).Order());
        Assert.Equal(["RUCAIBox/RecBole", "pmixer/SASRec.pytorch"], groups.Where(group => group.Family == "sasrec").Select(group => group.Reference).Order());
        Assert.All(groups, group => Assert.Equal(group.Reports.Count, group.Passed));
        Assert.All(groups, group => Assert.InRange(group.WorstShare, double.Epsilon, 1));
        Assert.All(groups, group => Assert.Null(group.Time));
    }

    [Fact]
    public void The_largest_case_is_timed_for_one_row_and_for_many()
    {
        FamilyTime time = Run(Shortest, "catalogue-ties", "catalogue-integers")[0].Time!;
        Assert.Equal("catalogue-ties", time.Case);
        Assert.Equal("top_k", time.Output);
        Assert.True(time.One.MedianMicroseconds > 0);
        Assert.True(time.Many!.MedianMicroseconds > 0);
    }

    [Fact]
    public void A_model_over_a_graph_is_timed_as_a_whole()
    {
        FamilyTime time = Run(Shortest, "gcn-pygcn")[0].Time!;
        Assert.Equal("embeddings", time.Output);
        Assert.Equal("26 nodes", time.Detail);
        Assert.Null(time.Many);
    }

    [Fact]
    public void Every_naming_of_the_cases_has_a_reference()
    {
        string[] cases = [.. Directory.EnumerateDirectories(Path.Combine(Root, "tests", "reference", "cases"))];
        IReadOnlyList<FamilyGroup> groups = FamilyRunner.Run(OneOfEach(cases), "cpu", null, _ => { });
        Assert.All(groups, group => Assert.NotEmpty(group.Reference));
    }

    [Fact]
    public void The_table_has_a_row_a_group_and_names_what_failed()
    {
        var machine = new MachineInfo("cpu", 2, "isa", "kernels", "system", "runtime", "", "commit");
        string page = FamilyReport.Markdown(machine, [.. Run(Shortest, "kmeans"), .. Run(null, "lr-recbole")]);
        Assert.Contains("| kmeans | scikit-learn KMeans | 1 of 1 | ", page, StringComparison.Ordinal);
        Assert.Contains("| lr | RUCAIBox/RecBole | 1 of 1 | ", page, StringComparison.Ordinal);
        Assert.Contains("2 of 2 cases passed.", page, StringComparison.Ordinal);
        FamilyGroup broken = new("mf", "nobody", [new Cli.Verification.CaseReport("mf-1", [], "no such model")], null);
        Assert.Contains("- mf-1: no such model", FamilyReport.Markdown(machine, [broken]), StringComparison.Ordinal);
    }

    private static string Root { get; } = FindRoot();

    private static IReadOnlyList<FamilyGroup> Run(Schedule? schedule, params string[] cases) =>
        FamilyRunner.Run(cases.Select(name => Path.Combine(Root, "tests", "reference", "cases", name)), "cpu", schedule, _ => { });

    private static IEnumerable<string> OneOfEach(IEnumerable<string> cases) => cases.DistinctBy(path =>
    {
        string config = File.ReadAllText(Path.Combine(path, "config.json"));
        return string.Join('|', config.Split('\n').Where(line => line.Contains("\"model_type\"", StringComparison.Ordinal) || line.Contains("\"naming\"", StringComparison.Ordinal)));
    });

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "tests", "reference", "cases")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no tests/reference/cases above {AppContext.BaseDirectory}");
    }
}
