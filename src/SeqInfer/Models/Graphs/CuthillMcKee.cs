namespace SeqInfer.Models.Graphs;

/// <summary>
/// The order of Cuthill and McKee (1969): breadth first, the neighbours of a node by ascending degree, each component from a node at its rim
/// (George and Liu 1979).
/// </summary>
internal sealed class CuthillMcKee(NeighbourGraph graph)
{
    private readonly int[] _queue = new int[graph.NodeCount];
    private readonly int[] _visit = new int[graph.NodeCount];
    private int _visits;

    /// <summary>The nodes in the reverse of that order, which George (1971) found to be the better one.</summary>
    public int[] Reverse()
    {
        int[] order = new int[graph.NodeCount];
        bool[] isPlaced = new bool[graph.NodeCount];
        int count = 0;
        foreach (int node in graph.ByDegree())
        {
            if (isPlaced[node])
                continue;
            int place = count;
            order[count] = Rim(node);
            isPlaced[order[count++]] = true;
            for (; place < count; place++)
            {
                int first = count;
                foreach (int neighbour in graph.Neighbours(order[place]))
                {
                    if (isPlaced[neighbour])
                        continue;
                    isPlaced[neighbour] = true;
                    order[count++] = neighbour;
                }

                order.AsSpan(first..count).Sort(ByDegree);
            }
        }

        Array.Reverse(order);
        return order;
    }

    private int ByDegree(int a, int b) => graph.Degree(a) != graph.Degree(b) ? graph.Degree(a).CompareTo(graph.Degree(b)) : a.CompareTo(b);

    // To the node that is farthest, and on from there as long as that gets farther.
    private int Rim(int node)
    {
        int depth = Farthest(node, out int next);
        while (true)
        {
            int farther = Farthest(next, out int beyond);
            if (farther <= depth)
                return node;
            (node, next, depth) = (next, beyond, farther);
        }
    }

    // How many steps it takes to the last nodes, and which of those has the least degree.
    private int Farthest(int start, out int last)
    {
        _visits++;
        _visit[start] = _visits;
        _queue[0] = start;
        int depth = 0;
        (int first, int end) = (0, 1);
        while (true)
        {
            int count = end;
            for (int i = first; i < end; i++)
            {
                foreach (int neighbour in graph.Neighbours(_queue[i]))
                {
                    if (_visit[neighbour] == _visits)
                        continue;
                    _visit[neighbour] = _visits;
                    _queue[count++] = neighbour;
                }
            }

            if (count == end)
                break;
            (first, end) = (end, count);
            depth++;
        }

        last = _queue[first];
        foreach (int node in _queue.AsSpan(first..end))
        {
            if (graph.Degree(node) < graph.Degree(last))
                last = node;
        }

        return depth;
    }
}
