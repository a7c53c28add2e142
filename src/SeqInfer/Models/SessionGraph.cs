using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>The graphs of a batch of sessions: nodes are a session's distinct items, an edge joins each item to the one that followed it, once.</summary>
/// <param name="Items">The item of every node.</param>
/// <param name="NodeOfEvent">The node of every event.</param>
/// <param name="Incoming">For every node, those it follows.</param>
/// <param name="Outgoing">For every node, those that follow it.</param>
internal readonly record struct SessionGraph(Indices Items, Indices NodeOfEvent, Adjacency Incoming, Adjacency Outgoing)
{
    /// <summary>Nodes of all sessions.</summary>
    public int NodeCount => Items.Count;

    /// <summary>Builds the graphs in the workspace. While planning, every event counts as a node of its own: the most there can be.</summary>
    public static SessionGraph Build(Workspace workspace, Indices ids, Ragged sessions)
    {
        int events = ids.Count;
        Indices items = workspace.TakeIndices(events);
        Indices nodeOfEvent = workspace.TakeIndices(events);
        Indices sources = workspace.TakeIndices(events);
        Indices targets = workspace.TakeIndices(events);
        Indices incoming = workspace.TakeIndices(events);
        Indices outgoing = workspace.TakeIndices(events);
        Indices incomingEnds = workspace.TakeIndices(events + 1);
        Indices outgoingEnds = workspace.TakeIndices(events + 1);
        if (workspace.IsPlanning)
        {
            var most = new Ragged(incomingEnds, events, events);
            return new SessionGraph(items, nodeOfEvent, new Adjacency(most, incoming), new Adjacency(most, outgoing));
        }

        ReadOnlySpan<int> history = workspace.Span(ids);
        ReadOnlySpan<int> offsets = workspace.Span(sessions.Offsets);
        int nodes = 0;
        int edges = 0;
        for (int s = 0; s < sessions.Count; s++)
        {
            int firstNode = nodes;
            int firstEdge = edges;
            int previous = -1;
            for (int t = offsets[s]; t < offsets[s + 1]; t++)
            {
                int node = firstNode + workspace.Span(items)[firstNode..nodes].IndexOf(history[t]);
                if (node < firstNode)
                {
                    node = nodes++;
                    workspace.Span(items)[node] = history[t];
                }

                workspace.Span(nodeOfEvent)[t] = node;
                if (previous >= 0 && !HasEdge(workspace.Span(sources)[firstEdge..edges], workspace.Span(targets)[firstEdge..edges], previous, node))
                {
                    workspace.Span(sources)[edges] = previous;
                    workspace.Span(targets)[edges++] = node;
                }

                previous = node;
            }
        }

        sources = sources.Slice(0, edges);
        targets = targets.Slice(0, edges);
        return new SessionGraph(
            items.Slice(0, nodes),
            nodeOfEvent,
            Group(workspace, targets, sources, incomingEnds.Slice(0, nodes + 1), incoming.Slice(0, edges)),
            Group(workspace, sources, targets, outgoingEnds.Slice(0, nodes + 1), outgoing.Slice(0, edges)));
    }

    private static bool HasEdge(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, int source, int target)
    {
        for (int e = 0; e < sources.Length; e++)
        {
            if (sources[e] == source && targets[e] == target)
                return true;
        }

        return false;
    }

    /// <summary>The neighbours of every node, in the order of the edges: a counting sort.</summary>
    private static Adjacency Group(Workspace workspace, Indices nodes, Indices neighbours, Indices ends, Indices grouped)
    {
        Span<int> offsets = workspace.Span(ends);
        offsets.Clear();
        foreach (int node in workspace.Span(nodes))
            offsets[node + 1]++;
        int longest = 0;
        for (int i = 1; i < offsets.Length; i++)
        {
            longest = Math.Max(longest, offsets[i]);
            offsets[i] += offsets[i - 1];
        }

        // Filling a list moves its start to its end, which is where the next one starts.
        Span<int> lists = workspace.Span(grouped);
        ReadOnlySpan<int> from = workspace.Span(nodes);
        ReadOnlySpan<int> to = workspace.Span(neighbours);
        for (int e = 0; e < from.Length; e++)
            lists[offsets[from[e]]++] = to[e];
        for (int i = offsets.Length - 1; i > 0; i--)
            offsets[i] = offsets[i - 1];
        offsets[0] = 0;
        return new Adjacency(new Ragged(ends, grouped.Count, longest), grouped);
    }
}
