using ILGPU;

namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>Compressed sparse rows in device memory.</summary>
internal readonly struct Neighbours(ArrayView<int> offsets, ArrayView<int> nodes, ArrayView<float> weights, int isWeighted) : IEdges
{
    private readonly ArrayView<int> _offsets = offsets;
    private readonly ArrayView<int> _nodes = nodes;
    private readonly ArrayView<float> _weights = weights;
    private readonly int _isWeighted = isWeighted;

    public int Start(int node) => _offsets[node];

    public int End(int node) => _offsets[node + 1];

    public int Row(int edge) => _nodes[edge];

    /// <summary>1 where edges have no weights.</summary>
    public float Weight(int edge) => _isWeighted != 0 ? _weights[edge] : 1;
}
