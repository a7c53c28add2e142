using ILGPU;
using SeqInfer.Gpu.Kernels.Elementwise;

namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>
/// Graph attention, version 1: y[i] = sum over neighbours j of softmax_j(leaky_relu(target[i] + source[j])) x[j]; one thread a column.
/// </summary>
internal readonly struct GraphAttentionBody(Window input, GraphAttentionOperands operands, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly GraphAttentionOperands _operands = operands;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int head = column / _operands.HeadSize;
        int start = _operands.Neighbours.Start(row);
        int end = _operands.Neighbours.End(row);
        float own = _operands.Own(row, head);
        float largest = float.NegativeInfinity;
        for (int e = start; e < end; e++)
            largest = GpuMath.LargerOrNaN(largest, _operands.Score(own, e, head));
        float sum = 0;
        float weighted = 0;
        if (largest != float.NegativeInfinity)
        {
            for (int first = start; first < end; first += EdgeBlocks.Size)
            {
                int endOfBlock = IntrinsicMath.Min(first + EdgeBlocks.Size, end);
                float sumOfBlock = 0;
                float block = 0;
                for (int e = first; e < endOfBlock; e++)
                {
                    float weight = GpuMath.Exp(_operands.Score(own, e, head) - largest);
                    sumOfBlock += weight;
                    block = GpuMath.Fma(weight, _input[_operands.Neighbours.Row(e), column], block);
                }

                sum += sumOfBlock;
                weighted += block;
            }

            weighted /= sum;
        }

        _output.Store(row, column, weighted);
    }
}
