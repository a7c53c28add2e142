using SeqInfer.Tensors;

namespace SeqInfer.Devices;

/// <summary>How the rows of a node's neighbours become one row.</summary>
public enum AggregateKind
{
    /// <summary>The sum, each neighbour times the weight of its edge where edges have weights.</summary>
    Sum,

    /// <summary>The sum divided by the number of neighbours; zeros where there are none.</summary>
    Mean,

    /// <summary>The largest value of each column; zeros where there are no neighbours. Edge weights have no meaning here.</summary>
    Max,
}

/// <summary>
/// A graph that lives as long as the device, in compressed sparse rows (CSR): row i lists the nodes whose rows flow into node i.
/// </summary>
public abstract class Graph(Device device, int rows, int columns, long edges, bool isWeighted) : DeviceResource(device)
{
    /// <summary>Number of nodes that receive.</summary>
    public int RowCount { get; } = rows;

    /// <summary>Number of nodes that send.</summary>
    public int ColumnCount { get; } = columns;

    /// <summary>Number of edges.</summary>
    public long EdgeCount { get; } = edges;

    /// <summary>True where every edge has a weight.</summary>
    public bool IsWeighted { get; } = isWeighted;
}

/// <summary>Who the neighbours of each node are: a graph of the device, or lists that came with the request.</summary>
public readonly record struct Adjacency
{
    /// <summary>A graph that was made at load.</summary>
    public Adjacency(Graph graph) => Graph = graph;

    /// <summary>Lists in the workspace.</summary>
    /// <param name="rows">The neighbours of node i are entries offsets[i] .. offsets[i + 1] - 1 of <paramref name="columns"/>.</param>
    /// <param name="columns">Row numbers of the input.</param>
    /// <param name="weights">[edges, 1], one weight an edge; or null.</param>
    public Adjacency(Ragged rows, Indices columns, Tensor? weights = null)
    {
        Rows = rows;
        Columns = columns;
        Weights = weights;
    }

    /// <summary>The graph, or null where the lists are in the workspace.</summary>
    public Graph? Graph { get; }

    /// <summary>Where the neighbours of each node stand.</summary>
    public Ragged Rows { get; }

    /// <summary>The neighbours of all nodes.</summary>
    public Indices Columns { get; }

    /// <summary>One weight an edge, or null.</summary>
    public Tensor? Weights { get; }
}
