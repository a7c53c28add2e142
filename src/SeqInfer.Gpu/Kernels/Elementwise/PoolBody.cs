using SeqInfer.Devices;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>One row for every sequence, its rows taken in order; zeros for an empty one.</summary>
internal readonly struct PoolBody(Window input, Sequences sequences, PoolKind kind, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly Sequences _sequences = sequences;
    private readonly PoolKind _kind = kind;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int start = _sequences.Start(row);
        int end = _sequences.End(row);
        float result = 0;
        if (start < end)
        {
            if (_kind == PoolKind.Last)
            {
                result = _input[end - 1, column];
            }
            else if (_kind == PoolKind.Max)
            {
                result = _input[start, column];
                for (int i = start + 1; i < end; i++)
                    result = GpuMath.LargerOrNaN(result, _input[i, column]);
            }
            else
            {
                for (int i = start; i < end; i++)
                    result += _input[i, column];
                if (_kind == PoolKind.Mean)
                    result /= end - start;
            }
        }

        _output.Store(row, column, result);
    }
}
