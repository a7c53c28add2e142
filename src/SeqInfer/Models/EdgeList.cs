using SeqInfer.Devices;
using SeqInfer.Inputs;

namespace SeqInfer.Models;

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
    private static readonly Comparer<Edge> ByEnds =
        Comparer<Edge>.Create((a, b) => a.Target != b.Target ? a.Target.CompareTo(b.Target) : a.Source.CompareTo(b.Source));

    private readonly int _nodeCount;
    private readonly Edge[] _edges;

    /// <summary>Sorts edges.</summary>
    public EdgeList(int nodeCount, IEnumerable<Edge> edges)
        : this([.. edges.Order(ByEnds)], nodeCount)
    {
    }

    private EdgeList(Edge[] sorted, int nodeCount)
    {
        _nodeCount = nodeCount;
        _edges = sorted;
    }

    /// <summary>All edges.</summary>
    public IReadOnlyList<Edge> Edges => _edges;

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
            if (sums.Count > 0 && ByEnds.Compare(sums[^1], edge) == 0)
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

    /// <summary>The graph as a device keeps it.</summary>
    public Graph ToGraph(Device device, bool isWeighted)
    {
        int[] offsets = new int[_nodeCount + 1];
        foreach (Edge edge in _edges)
            offsets[edge.Target + 1]++;
        for (int node = 0; node < _nodeCount; node++)
            offsets[node + 1] += offsets[node];
        int[] sources = Array.ConvertAll(_edges, edge => edge.Source);
        double[] weights = isWeighted ? Array.ConvertAll(_edges, edge => edge.Weight) : [];
        return device.CreateGraph(offsets, sources, _nodeCount, weights);
    }
}
