namespace SeqInfer.Kernels.Graph;

/// <summary>Compressed sparse rows: the neighbours of node i are columns[offsets[i]] .. columns[offsets[i + 1] - 1].</summary>
/// <param name="offsets">Nodes + 1 offsets.</param>
/// <param name="columns">One sending node an edge.</param>
/// <param name="weights">One weight an edge, without gaps; or null.</param>
/// <param name="nodes">Number of receiving nodes.</param>
/// <param name="readable">Entries of <paramref name="columns"/>: those behind the lists are read as a hint of what comes next.</param>
internal readonly unsafe struct NeighbourLists(int* offsets, int* columns, float* weights, int nodes, int readable)
{
    /// <summary>Nodes + 1 offsets.</summary>
    public int* Offsets { get; } = offsets;

    /// <summary>One sending node an edge.</summary>
    public int* Columns { get; } = columns;

    /// <summary>One weight an edge, without gaps; or null.</summary>
    public float* Weights { get; } = weights;

    /// <summary>Number of receiving nodes.</summary>
    public int Nodes { get; } = nodes;

    /// <summary>Entries of <see cref="Columns"/> that may be read.</summary>
    public int Readable { get; } = readable;

    /// <summary>The lists of some nodes.</summary>
    public NeighbourLists From(int first, int end) => new(Offsets + first, Columns, Weights, end - first, Readable);
}
