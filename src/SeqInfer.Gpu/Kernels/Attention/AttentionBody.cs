using SeqInfer.Gpu.Kernels.Elementwise;

namespace SeqInfer.Gpu.Kernels.Attention;

/// <summary>
/// Attention, version 1: one thread a query and head. A first pass over the keys finds the largest score and the sum of the exponentials,
/// a second one adds up the values in the output itself, which therefore lies apart from the query.
/// </summary>
internal readonly struct AttentionBody(AttentionOperands operands, Window output) : IElementBody
{
    private readonly AttentionOperands _operands = operands;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int sequence = _operands.Queries.Of(row);
        int firstQuery = _operands.Queries.Start(sequence);
        int firstKey = _operands.Keys.Start(sequence);
        int visible = _operands.VisibleKeys(
            row - firstQuery, _operands.Queries.End(sequence) - firstQuery, _operands.Keys.End(sequence) - firstKey);
        int prefixRows = _operands.Prefix.RowCount(sequence);
        int start = column * _operands.HeadSize;
        int keyColumn = column * _operands.KeyStep;

        float largest = float.NegativeInfinity;
        float sum = 0;
        for (int j = 0; j < prefixRows + visible; j++)
        {
            float score = Score(row, j, prefixRows, firstKey, start, keyColumn);
            float next = GpuMath.LargerOrNaN(largest, score);
            float weight = next == float.NegativeInfinity ? 0 : GpuMath.Exp(score - next);
            float kept = next == float.NegativeInfinity ? 0 : GpuMath.Exp(largest - next);
            sum = GpuMath.Fma(sum, kept, Multiplicity(sequence, j, prefixRows) * weight);
            largest = next;
        }

        for (int c = 0; c < _operands.HeadSize; c++)
            _output.Store(row, start + c, 0);
        if (largest == float.NegativeInfinity)
            return;
        for (int j = 0; j < prefixRows + visible; j++)
        {
            float weight = Multiplicity(sequence, j, prefixRows) * GpuMath.Exp(Score(row, j, prefixRows, firstKey, start, keyColumn) - largest) / sum;
            for (int c = 0; c < _operands.HeadSize; c++)
            {
                float value = j < prefixRows
                    ? _operands.Prefix.Values[j, keyColumn + c]
                    : _operands.Value[firstKey + j - prefixRows, keyColumn + c];
                _output.Store(row, start + c, GpuMath.Fma(weight, value, _output[row, start + c]));
            }
        }
    }

    private float Multiplicity(int sequence, int key, int prefixRows) => key < prefixRows ? _operands.Prefix.Multiplicity(sequence) : 1;

    private float Score(int row, int key, int prefixRows, int firstKey, int start, int keyColumn)
    {
        float dot = 0;
        for (int c = 0; c < _operands.HeadSize; c++)
        {
            float k = key < prefixRows
                ? _operands.Prefix.Keys[key, keyColumn + c]
                : _operands.Key[firstKey + key - prefixRows, keyColumn + c];
            dot = GpuMath.Fma(_operands.Query[row, start + c], k, dot);
        }

        return _operands.Scale * dot;
    }
}
