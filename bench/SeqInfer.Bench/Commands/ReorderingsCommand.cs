using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Reports;
using SeqInfer.Bench.Models;
using SeqInfer.Inputs;
using Spectre.Console;

namespace SeqInfer.Bench.Commands;

/// <summary>reorderings: what numbering the nodes of a graph anew gives.</summary>
internal static class ReorderingsCommand
{
    private const int Degree = 16;
    private const int Size = 64;

    // A call of the largest graphs takes half a second.
    private static readonly Schedule PerGraph = new(7, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100), 1);

    private static readonly (string Name, Func<int, ModelData> Make)[] Graphs =
    [
        ("power law", nodes => PowerLawGraph.Create(nodes, Degree, Size)),
        ("grid", nodes => GridGraph.Create(nodes, Size)),
        ("communities of 400", nodes => CommunityGraph.Create(nodes, Degree, Size, 400)),
        ("communities of 10 000", nodes => CommunityGraph.Create(nodes, Degree, Size, 10_000)),
    ];

    public static Command Create()
    {
        Option<int[]> nodes = SharedOptions.Integers("--nodes", "Sizes of the graphs", 10_000, 100_000, 1_000_000);
        Option<int> threads = new("--threads") { Description = "Threads that work on a request", HelpName = "n", DefaultValueFactory = _ => 1 };
        var command = new Command("reorderings", "Time a GCN (2 layers, d 64, degree 16) in every order of the nodes, over graphs of several kinds") { nodes, threads };
        command.SetAction(arguments =>
        {
            Table table = new Table().Border(TableBorder.Simple).AddColumns("graph", "nodes", "order");
            foreach (string header in (string[])["load ms", "request us", "of none"])
                table.AddColumn(new TableColumn(header).RightAligned());
            foreach (int count in arguments.GetValue(nodes)!)
            {
                foreach ((string name, Func<int, ModelData> make) in Graphs)
                    Measure(table, name, Zoo.Gcn(name, count, () => make(count), [Size, Size, Size]), count, arguments.GetValue(threads));
            }

            AnsiConsole.Write(table);
        });
        return command;
    }

    private static void Measure(Table table, string name, BenchModel bench, int nodes, int threads)
    {
        _ = bench.Tensors;
        NodeReordering[] orders = Enum.GetValues<NodeReordering>();
        List<SequenceModel> models = [];
        List<OurRun> runs = [];
        try
        {
            List<TimeSpan> loads = [];
            foreach (NodeReordering order in orders)
            {
                long start = Stopwatch.GetTimestamp();
                models.Add(bench.Create(new EngineSettings { Threads = threads, Reordering = order }));
                loads.Add(Stopwatch.GetElapsedTime(start));
                runs.Add(new OurRun(models[^1], bench.Limits(models[^1].Signature, 1), bench.Output, models[^1].CreateBatch()));
                if (!runs[^1].Values.SequenceEqual(runs[0].Values))
                    throw new InvalidOperationException($"{name}, {order}: other results");
            }

            Timings[] times = Interleaved.Measure(PerGraph, [.. runs.Select(run => (Action)run.Run)]);
            for (int i = 0; i < orders.Length; i++)
            {
                table.AddRow(
                    name,
                    nodes.ToString(CultureInfo.InvariantCulture),
                    orders[i].ToString(),
                    loads[i].TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture),
                    Numbers.Microseconds(times[i].MedianMicroseconds),
                    (times[i].MedianMicroseconds / times[0].MedianMicroseconds).ToString("F2", CultureInfo.InvariantCulture));
            }
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
            models.ForEach(model => model.Dispose());
        }
    }
}
