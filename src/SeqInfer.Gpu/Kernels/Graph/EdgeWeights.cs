using ILGPU;

namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>The edges of a block with weights of one head, which lie in shared memory beside those of other heads.</summary>
internal readonly struct EdgeWeights(Neighbours neighbours, ArrayView<float> weights, int start, int headShift, int firstEdge) : IEdges
{
    private readonly Neighbours _neighbours = neighbours;
    private readonly ArrayView<float> _weights = weights;
    private readonly int _start = start;
    private readonly int _headShift = headShift;
    private readonly int _firstEdge = firstEdge;

    public int Start(int node) => _neighbours.Start(node);

    public int End(int node) => _neighbours.End(node);

    public int Row(int edge) => _neighbours.Row(edge);

    public float Weight(int edge) => _weights[_start + ((edge - _firstEdge) << _headShift)];

    /// <summary>The sum of the weights, in the order of the edges.</summary>
    public float Sum(int end)
    {
        float sum = 0;
        for (int e = _firstEdge; e < end; e++)
            sum += Weight(e);
        return sum;
    }
}
