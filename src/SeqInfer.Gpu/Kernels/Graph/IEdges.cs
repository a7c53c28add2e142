namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>Which rows of a matrix belong together: those of the edges of a node, or of the steps of a sequence.</summary>
internal interface IEdges
{
    /// <summary>The first edge of a node.</summary>
    int Start(int node);

    /// <summary>The edge after the last of a node.</summary>
    int End(int node);

    /// <summary>The row at the other end of an edge.</summary>
    int Row(int edge);

    /// <summary>What that row is multiplied with.</summary>
    float Weight(int edge);
}
