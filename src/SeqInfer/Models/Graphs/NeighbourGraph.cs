namespace SeqInfer.Models.Graphs;

/// <summary>Who is beside whom in a graph: edges count once and in both directions, loops not at all.</summary>
internal sealed class NeighbourGraph
{
    private readonly int[] _offsets;
    private readonly int[] _neighbours;

    /// <summary>Reads a graph.</summary>
    public NeighbourGraph(EdgeList edges)
    {
        NodeCount = edges.NodeCount;
        _offsets = new int[NodeCount + 1];
        foreach (Edge edge in edges.Edges)
        {
            if (edge.Source == edge.Target)
                continue;
            _offsets[edge.Source + 1]++;
            _offsets[edge.Target + 1]++;
        }

        for (int node = 0; node < NodeCount; node++)
            _offsets[node + 1] = checked(_offsets[node] + _offsets[node + 1]);
        _neighbours = new int[_offsets[^1]];
        int[] ends = _offsets[..^1];
        foreach (Edge edge in edges.Edges)
        {
            if (edge.Source == edge.Target)
                continue;
            _neighbours[ends[edge.Source]++] = edge.Target;
            _neighbours[ends[edge.Target]++] = edge.Source;
        }

        for (int node = 0; node < NodeCount; node++)
            KeepDistinct(node, ends[node]);
        _offsets[^1] = EndCount;
    }

    /// <summary>How many nodes there are, with neighbours or without.</summary>
    public int NodeCount { get; }

    /// <summary>The sum of all degrees.</summary>
    public int EndCount { get; private set; }

    /// <summary>How many neighbours a node has.</summary>
    public int Degree(int node) => _offsets[node + 1] - _offsets[node];

    /// <summary>The neighbours of a node, ascending.</summary>
    public ReadOnlySpan<int> Neighbours(int node) => _neighbours.AsSpan(_offsets[node].._offsets[node + 1]);

    /// <summary>The nodes by their degrees, ascending; equals by their ids.</summary>
    public IEnumerable<int> ByDegree() => Enumerable.Range(0, NodeCount).OrderBy(Degree);

    // Lists move towards the front as they get shorter.
    private void KeepDistinct(int node, int end)
    {
        Span<int> list = _neighbours.AsSpan(_offsets[node]..end);
        list.Sort();
        _offsets[node] = EndCount;
        for (int i = 0; i < list.Length; i++)
        {
            if (i == 0 || list[i] != list[i - 1])
                _neighbours[EndCount++] = list[i];
        }
    }
}
