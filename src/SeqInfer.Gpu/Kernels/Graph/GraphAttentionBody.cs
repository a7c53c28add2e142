using SeqInfer.Gpu.Kernels.Elementwise;

namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>y[i] = sum over neighbours j of softmax_j(leaky_relu(target[i] + source[j])) x[j]; one thread a column.</summary>
internal readonly struct GraphAttentionBody(Window input, Window target, Window source, Neighbours neighbours, int headSize, float slope, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly Window _target = target;
    private readonly Window _source = source;
    private readonly Neighbours _neighbours = neighbours;
    private readonly int _headSize = headSize;
    private readonly float _slope = slope;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int head = column / _headSize;
        int start = _neighbours.Start(row);
        int end = _neighbours.End(row);
        float own = _target[row, head];
        float largest = float.NegativeInfinity;
        for (int e = start; e < end; e++)
            largest = GpuMath.LargerOrNaN(largest, Score(own, e, head));
        float sum = 0;
        float weighted = 0;
        if (largest != float.NegativeInfinity)
        {
            for (int e = start; e < end; e++)
            {
                float weight = GpuMath.Exp(Score(own, e, head) - largest);
                sum += weight;
                weighted = GpuMath.Fma(weight, _input[_neighbours.Node(e), column], weighted);
            }

            weighted /= sum;
        }

        _output.Store(row, column, weighted);
    }

    private float Score(float own, int edge, int head)
    {
        float score = own + _source[_neighbours.Node(edge), head];
        return score > 0 ? score : _slope * score;
    }
}
