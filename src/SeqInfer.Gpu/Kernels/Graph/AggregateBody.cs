using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Elementwise;

namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>Aggregation, version 1: the rows of a node's neighbours become one row, one thread a column.</summary>
internal readonly struct AggregateBody<TEdges>(Window input, TEdges edges, AggregateKind kind, Window output) : IElementBody
    where TEdges : struct, IEdges
{
    private readonly Window _input = input;
    private readonly TEdges _edges = edges;
    private readonly AggregateKind _kind = kind;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int start = _edges.Start(row);
        int end = _edges.End(row);
        float result = 0;
        if (start < end)
        {
            if (_kind == AggregateKind.Max)
                result = EdgeBlocks<MaxReduction>.Column(_input, _edges, start, end, column);
            else
                result = EdgeBlocks<SumReduction>.Column(_input, _edges, start, end, column);
            if (_kind == AggregateKind.Mean)
                result /= end - start;
        }

        _output.Store(row, column, result);
    }
}
