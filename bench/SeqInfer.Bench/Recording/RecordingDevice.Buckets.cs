using SeqInfer.Bench.Onnx;

namespace SeqInfer.Bench.Recording;

/// <remarks>
/// Nodes of about the same degree share a product [nodes, 1, degree] x [nodes, degree, columns]; missing neighbours have weight 0.
/// Nothing is scattered, at the price of some neighbours too many.
/// </remarks>
internal sealed partial class RecordingDevice
{
    // A bucket holds degrees up to an eighth apart.
    private const double BucketGrowth = 1.125;

    private string SumInBuckets(RecordedGraph graph, string x, bool isMean)
    {
        List<string> parts = [];
        List<int> order = [];
        foreach ((int width, int[] nodes) in BucketsOf(graph))
        {
            (long[] sources, float[] weights) = Fill(graph, nodes, width, isMean);
            string indices = ConstantOf(graph, $"sources {width}", () => _graph.Constant(sources, nodes.Length, width));
            string factors = ConstantOf(graph, $"weights {width} {isMean}", () => _graph.Constant(weights, nodes.Length, 1, width));
            string sums = _graph.Node("MatMul", [factors, _graph.Node("Gather", [x, indices])]);
            parts.Add(_graph.Node("Squeeze", [sums, _graph.Ints(1)]));
            order.AddRange(nodes);
        }

        long[] places = new long[graph.RowCount];
        for (int place = 0; place < order.Count; place++)
            places[order[place]] = place;
        string all = parts.Count == 1 ? parts[0] : _graph.Node("Concat", [.. parts], new OnnxAttribute("axis", 0L));
        return _graph.Node("Gather", [all, ConstantOf(graph, "places", () => _graph.Constant(places, places.Length))]);
    }

    private static List<(int Width, int[] Nodes)> BucketsOf(RecordedGraph graph)
    {
        int[] byDegree = [.. Enumerable.Range(0, graph.RowCount).OrderBy(graph.DegreeOf)];
        List<(int Width, int[] Nodes)> buckets = [];
        for (int first = 0; first < byDegree.Length;)
        {
            int most = (int)(Math.Max(1, graph.DegreeOf(byDegree[first])) * BucketGrowth);
            int last = first;
            while (last < byDegree.Length && graph.DegreeOf(byDegree[last]) <= most)
                last++;
            int width = Math.Max(1, graph.DegreeOf(byDegree[last - 1]));
            buckets.Add((width, byDegree[first..last]));
            first = last;
        }

        return buckets;
    }

    private static (long[] Sources, float[] Weights) Fill(RecordedGraph graph, int[] nodes, int width, bool isMean)
    {
        long[] sources = new long[nodes.Length * width];
        float[] weights = new float[sources.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            int first = graph.Offsets[nodes[i]];
            for (int edge = 0; edge < graph.DegreeOf(nodes[i]); edge++)
            {
                sources[(i * width) + edge] = graph.Sources[first + edge];
                weights[(i * width) + edge] = (graph.Weights?[first + edge] ?? 1) * (isMean ? graph.InverseDegrees[nodes[i]] : 1);
            }
        }

        return (sources, weights);
    }
}
