using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Elementwise;

namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>The rows of a node's neighbours become one row; edges are taken in their order.</summary>
internal readonly struct AggregateBody(Window input, Neighbours neighbours, AggregateKind kind, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly Neighbours _neighbours = neighbours;
    private readonly AggregateKind _kind = kind;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int start = _neighbours.Start(row);
        int end = _neighbours.End(row);
        float result = 0;
        if (_kind == AggregateKind.Max)
        {
            if (start < end)
                result = _input[_neighbours.Node(start), column];
            for (int e = start + 1; e < end; e++)
                result = GpuMath.LargerOrNaN(result, _input[_neighbours.Node(e), column]);
        }
        else
        {
            for (int e = start; e < end; e++)
                result = GpuMath.Fma(_neighbours.Weight(e), _input[_neighbours.Node(e), column], result);
            if (_kind == AggregateKind.Mean && start < end)
                result /= end - start;
        }

        _output.Store(row, column, result);
    }
}
