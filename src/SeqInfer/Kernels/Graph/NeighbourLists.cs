namespace SeqInfer.Kernels.Graph;

/// <summary>Compressed sparse rows: the neighbours of node i are columns[offsets[i]] .. columns[offsets[i + 1] - 1].</summary>
internal readonly unsafe struct NeighbourLists(int* offsets, int* columns, float* weights, int nodes)
{
    /// <summary>Nodes + 1 offsets.</summary>
    public int* Offsets { get; } = offsets;

    /// <summary>One sending node an edge.</summary>
    public int* Columns { get; } = columns;

    /// <summary>One weight an edge, without gaps; or null.</summary>
    public float* Weights { get; } = weights;

    /// <summary>Number of receiving nodes.</summary>
    public int Nodes { get; } = nodes;

    /// <summary>The lists of some nodes.</summary>
    public NeighbourLists From(int first, int end) => new(Offsets + first, Columns, Weights, end - first);
}
