namespace SeqInfer.Models.Graphs;

/// <summary>
/// Communities by merging each node into the neighbour with which modularity grows most, nodes of few edges first, and the nodes in the order of
/// the tree that this gives (Arai et al. 2016, Rabbit Order): a community lies together, and so do the smaller ones it was made of.
/// </summary>
internal sealed class RabbitOrder
{
    private const int None = -1;

    private readonly NeighbourGraph _graph;
    private readonly int[] _parents;
    private readonly int[] _firstChild;
    private readonly int[] _nextSibling;
    private readonly double[] _strength;
    private readonly Link[]?[] _links;
    private readonly int[] _sums;
    private readonly List<int> _touched = [];

    /// <summary>Reads a graph.</summary>
    public RabbitOrder(NeighbourGraph graph)
    {
        _graph = graph;
        int nodes = graph.NodeCount;
        _parents = [.. Enumerable.Range(0, nodes)];
        _firstChild = new int[nodes];
        _nextSibling = new int[nodes];
        _firstChild.AsSpan().Fill(None);
        _nextSibling.AsSpan().Fill(None);
        _strength = [.. Enumerable.Range(0, nodes).Select(node => (double)graph.Degree(node))];
        _links = new Link[nodes][];
        _sums = new int[nodes];
    }

    /// <summary>The nodes, community after community.</summary>
    public int[] Order()
    {
        double ends = _graph.EndCount;
        foreach (int node in _graph.ByDegree())
        {
            Gather(node);
            if (Best(node, ends) is int target and not None)
                Merge(node, target);
        }

        return Walk();
    }

    // The edges of a node and of all that was merged into it, by the communities where they end.
    private void Gather(int node)
    {
        _touched.Clear();
        foreach (int neighbour in _graph.Neighbours(node))
            Add(node, neighbour, 1);
        for (int child = _firstChild[node]; child != None; child = _nextSibling[child])
        {
            foreach (Link link in _links[child]!)
                Add(node, link.Node, link.Count);
            _links[child] = null;
        }

        var links = new Link[_touched.Count];
        for (int i = 0; i < links.Length; i++)
        {
            links[i] = new Link(_touched[i], _sums[_touched[i]]);
            _sums[_touched[i]] = 0;
        }

        _links[node] = links;
    }

    private void Add(int node, int end, int count)
    {
        int root = Root(end);
        if (root == node)
            return;
        if (_sums[root] == 0)
            _touched.Add(root);
        _sums[root] += count;
    }

    private int Best(int node, double ends)
    {
        int best = None;
        double gain = 0;
        foreach (Link link in _links[node]!)
        {
            double own = link.Count - (_strength[node] * _strength[link.Node] / ends);
            if (own > gain)
                (best, gain) = (link.Node, own);
        }

        return best;
    }

    private void Merge(int node, int target)
    {
        _parents[node] = target;
        _strength[target] += _strength[node];
        _nextSibling[node] = _firstChild[target];
        _firstChild[target] = node;
    }

    private int Root(int node)
    {
        while (_parents[node] != node)
            node = _parents[node] = _parents[_parents[node]];
        return node;
    }

    private int[] Walk()
    {
        int[] order = new int[_parents.Length];
        int count = 0;
        Stack<int> open = new();
        for (int root = 0; root < order.Length; root++)
        {
            if (_parents[root] != root)
                continue;
            open.Push(root);
            while (open.TryPop(out int node))
            {
                order[count++] = node;
                for (int child = _firstChild[node]; child != None; child = _nextSibling[child])
                    open.Push(child);
            }
        }

        return order;
    }

    private readonly record struct Link(int Node, int Count);
}
