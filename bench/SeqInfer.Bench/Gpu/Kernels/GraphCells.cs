using SeqInfer.Bench.Models;
using SeqInfer.Bench.Suites;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Gpu.Kernels;

/// <summary>Messages over a power-law graph.</summary>
internal static class GraphCells
{
    private const int Columns = 64;
    private const int Heads = 4;

    // Edges of a node on average
    private const int Degree = 16;

    public static IEnumerable<KernelCell> Create(int nodes)
    {
        (int[] offsets, int[] sources) = PowerLawGraph.Rows(nodes, Degree);
        double edges = sources.Length;
        string shape = $"{nodes} nodes, {sources.Length} edges x {Columns}";
        double bytes = 4 * ((Columns + 1) * edges + (Columns + 1.0) * nodes);
        return
        [
            new("Aggregate, weighted sum", shape, 2 * edges * Columns, bytes + (4 * edges), on =>
            {
                double[] weights = Array.ConvertAll(on.Random(sources.Length), weight => (double)weight);
                var adjacency = new Adjacency(on.Device.CreateGraph(offsets, sources, nodes, weights));
                return Aggregate(on, nodes, adjacency, AggregateKind.Sum);
            }),
            new("Aggregate, mean", shape, edges * Columns, bytes, on =>
                Aggregate(on, nodes, new Adjacency(on.Device.CreateGraph(offsets, sources, nodes)), AggregateKind.Mean)),
            new("Aggregate, max", shape, edges * Columns, bytes, on =>
                Aggregate(on, nodes, new Adjacency(on.Device.CreateGraph(offsets, sources, nodes)), AggregateKind.Max)),
            new("AggregateLinear", shape, (2 * edges * Columns) + (2.0 * nodes * Columns * Columns), bytes + (4 * (edges + (Columns * (Columns + 1)))), on =>
            {
                double[] weights = Array.ConvertAll(on.Random(sources.Length), weight => (double)weight);
                var adjacency = new Adjacency(on.Device.CreateGraph(offsets, sources, nodes, weights));
                LinearWeights layer = on.Device.CreateLinear(on.Parameter(Columns, Columns), on.Parameter(1, Columns));
                Tensor x = on.Take(nodes, Columns);
                Tensor y = on.Arena.Take(nodes, Columns);
                return () => on.Device.AggregateLinear(on.Arena, new NodeRows(x), adjacency, AggregateKind.Sum, layer, y, ActivationKind.Relu);
            }),
            new("GraphAttention", shape, 2 * edges * Columns, bytes + (4 * Heads * (edges + nodes)), on =>
            {
                var adjacency = new Adjacency(on.Device.CreateGraph(offsets, sources, nodes));
                Tensor x = on.Take(nodes, Columns);
                Tensor target = on.Take(nodes, Heads);
                Tensor source = on.Take(nodes, Heads);
                Tensor y = on.Arena.Take(nodes, Columns);
                return () => on.Device.GraphAttention(on.Arena, x, target, source, adjacency, 0.2f, y);
            }),
        ];
    }

    private static Action Aggregate(OperationInputs on, int nodes, Adjacency adjacency, AggregateKind kind)
    {
        Tensor x = on.Take(nodes, Columns);
        Tensor y = on.Arena.Take(nodes, Columns);
        return () => on.Device.Aggregate(on.Arena, x, adjacency, kind, y);
    }
}
