namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>What every version of graph attention reads.</summary>
internal readonly struct GraphAttentionOperands(Window target, Window source, Neighbours neighbours, int headCount, int headSize, float slope)
{
    public readonly Neighbours Neighbours = neighbours;

    public readonly int HeadCount = headCount;

    public readonly int HeadSize = headSize;

    private readonly Window _target = target;
    private readonly Window _source = source;
    private readonly float _slope = slope;

    /// <summary>The receiving node's part of the scores of a head.</summary>
    public float Own(int node, int head) => _target[node, head];

    /// <summary>leaky_relu(own + source of the edge).</summary>
    public float Score(float own, int edge, int head)
    {
        float score = own + _source[Neighbours.Row(edge), head];
        return score > 0 ? score : _slope * score;
    }
}
