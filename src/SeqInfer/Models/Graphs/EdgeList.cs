using SeqInfer.Devices;
using SeqInfer.Inputs;

namespace SeqInfer.Models.Graphs;

/// <summary>What happens to edges from a node to itself.</summary>
internal enum SelfLoops
{
    /// <summary>Those that are there stay.</summary>
    None,

    /// <summary>Every node gets one more.</summary>
    Add,

    /// <summary>Every node without one gets one.</summary>
    AddMissing,

    /// <summary>Those that are there go, and every node gets one.</summary>
    Replace,
}

/// <summary>One edge: <paramref name="Source"/> sends to <paramref name="Target"/>.</summary>
internal readonly record struct Edge(int Target, int Source, double Weight);

/// <summary>The edges of a graph while it is prepared at load. Immutable; sorted by target, then by source.</summary>
internal sealed class EdgeList
{
    private readonly int _nodeCount;
    private readonly Edge[] _edges;

    /// <summary>Sorts edges.</summary>
    public EdgeList(int nodeCount, IEnumerable<Edge> edges)
        : this(Sorted([.. edges], nodeCount), nodeCount)
    {
    }

    private EdgeList(Edge[] sorted, int nodeCount)
    {
        _nodeCount = nodeCount;
        _edges = sorted;
    }

    /// <summary>How many nodes there are, with edges or without.</summary>
    public int NodeCount => _nodeCount;

    /// <summary>All edges.</summary>
    public ReadOnlySpan<Edge> Edges => _edges;

    /// <summary>Reads "edges.sources", "edges.targets" and, where they are given, "edges.weights".</summary>
    /// <exception cref="InputException">One is missing, their lengths differ or a node does not exist.</exception>
    public static EdgeList Read(ModelData data, int nodeCount, bool takesWeights)
    {
        ReadOnlySpan<int> sources = Nodes(data, "edges.sources", nodeCount);
        ReadOnlySpan<int> targets = Nodes(data, "edges.targets", nodeCount);
        CheckLength("edges.targets", targets.Length, sources.Length);
        ReadOnlySpan<float> weights = default;
        if (takesWeights && data.Contains("edges.weights"))
        {
            weights = data.Values("edges.weights", out _, out _);
            CheckLength("edges.weights", weights.Length, sources.Length);
        }

        var edges = new Edge[sources.Length];
        for (int i = 0; i < edges.Length; i++)
            edges[i] = new Edge(targets[i], sources[i], weights.IsEmpty ? 1 : weights[i]);
        return new EdgeList(nodeCount, edges);
    }

    /// <summary>A list of nodes.</summary>
    /// <exception cref="InputException">It is missing or names a node that does not exist.</exception>
    public static ReadOnlySpan<int> Nodes(ModelData data, string name, int nodeCount)
    {
        ReadOnlySpan<int> nodes = data.Ids(name, out _, out _);
        int bad = nodes.IndexOfAnyExceptInRange(0, nodeCount - 1);
        return bad < 0 ? nodes : throw new InputException(name, $"entry {bad} is {nodes[bad]}, expected 0 .. {nodeCount - 1}");
    }

    /// <summary>Throws unless parallel lists are equally long.</summary>
    public static void CheckLength(string name, int actual, int expected)
    {
        if (actual != expected)
            throw new InputException(name, $"has {actual} entries, the list beside it {expected}");
    }

    /// <summary>Every edge once, however often it is named, and without weights.</summary>
    public EdgeList Distinct()
    {
        EdgeList summed = Summed();
        return new EdgeList(Array.ConvertAll(summed._edges, edge => edge with { Weight = 1 }), _nodeCount);
    }

    /// <summary>Every edge once, with the sum of the weights it is named with.</summary>
    public EdgeList Summed()
    {
        List<Edge> sums = new(_edges.Length);
        foreach (Edge edge in _edges)
        {
            if (sums.Count > 0 && (sums[^1].Target, sums[^1].Source) == (edge.Target, edge.Source))
                sums[^1] = edge with { Weight = sums[^1].Weight + edge.Weight };
            else
                sums.Add(edge);
        }

        return new EdgeList([.. sums], _nodeCount);
    }

    /// <summary>The same graph with loops.</summary>
    public EdgeList With(SelfLoops rule, double weight = 1)
    {
        if (rule == SelfLoops.None)
            return this;
        HashSet<int> present = rule == SelfLoops.AddMissing ? [.. _edges.Where(edge => edge.Target == edge.Source).Select(edge => edge.Target)] : [];
        IEnumerable<Edge> kept = rule == SelfLoops.Replace ? _edges.Where(edge => edge.Target != edge.Source) : _edges;
        IEnumerable<Edge> loops = Enumerable.Range(0, _nodeCount).Where(node => !present.Contains(node)).Select(node => new Edge(node, node, weight));
        return new EdgeList(_nodeCount, kept.Concat(loops));
    }

    /// <summary>Each weight times the factor of its target and the factor of its source.</summary>
    public EdgeList Scaled(double[] ofTarget, double[] ofSource) =>
        new(Array.ConvertAll(_edges, edge => edge with { Weight = ofTarget[edge.Target] * edge.Weight * ofSource[edge.Source] }), _nodeCount);

    /// <summary>A power of every node's degree, the sum of the weights that it receives; 0 where that is not positive.</summary>
    public double[] DegreePowers(double exponent)
    {
        double[] degrees = new double[_nodeCount];
        foreach (Edge edge in _edges)
            degrees[edge.Target] += edge.Weight;
        return Array.ConvertAll(degrees, degree => degree > 0 ? Math.Pow(degree, exponent) : 0);
    }

    /// <summary>The graph as a device keeps it. Every node's edges stand in the order of their sources' ids, so that sums are the same bits.</summary>
    /// <param name="device">Keeps it.</param>
    /// <param name="isWeighted">Whether the edges' weights go with them.</param>
    /// <param name="numbering">The places of the nodes; null where they are the ids.</param>
    public Graph ToGraph(Device device, bool isWeighted, NodeNumbering? numbering = null)
    {
        int[] starts = Starts(_edges, _nodeCount, edge => edge.Target);
        int[] offsets = new int[_nodeCount + 1];
        int[] sources = new int[_edges.Length];
        double[] weights = new double[isWeighted ? _edges.Length : 0];
        int end = 0;
        for (int place = 0; place < _nodeCount; place++)
        {
            int id = numbering is null ? place : numbering.Ids[place];
            foreach (Edge edge in _edges.AsSpan(starts[id]..starts[id + 1]))
            {
                sources[end] = numbering is null ? edge.Source : numbering.Places[edge.Source];
                if (isWeighted)
                    weights[end] = edge.Weight;
                end++;
            }

            offsets[place + 1] = end;
        }

        return device.CreateGraph(offsets, sources, _nodeCount, weights);
    }

    // By counting, the minor key first: time in proportion to edges and nodes. Edges with the same ends stay in their order.
    private static Edge[] Sorted(Edge[] edges, int nodeCount)
    {
        var bySource = new Edge[edges.Length];
        Scatter(edges, nodeCount, edge => edge.Source, bySource);
        Scatter(bySource, nodeCount, edge => edge.Target, edges);
        return edges;
    }

    private static void Scatter(Edge[] edges, int nodeCount, Func<Edge, int> key, Edge[] sorted)
    {
        int[] next = Starts(edges, nodeCount, key);
        foreach (Edge edge in edges)
            sorted[next[key(edge)]++] = edge;
    }

    // Where the edges of every node begin once they are sorted by a key.
    private static int[] Starts(Edge[] edges, int nodeCount, Func<Edge, int> key)
    {
        int[] starts = new int[nodeCount + 1];
        foreach (Edge edge in edges)
            starts[key(edge) + 1]++;
        for (int node = 0; node < nodeCount; node++)
            starts[node + 1] += starts[node];
        return starts;
    }
}
