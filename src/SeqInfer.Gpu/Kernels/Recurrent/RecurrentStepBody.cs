using SeqInfer.Gpu.Kernels.Elementwise;

namespace SeqInfer.Gpu.Kernels.Recurrent;

/// <summary>
/// Recurrent layer, version 1: a launch a step, one thread a sequence and unit. The state lies in global memory twice, once as it is read
/// and once as it is written.
/// </summary>
internal readonly struct RecurrentStepBody(
    StepKind kind,
    int step,
    StepRows rows,
    RecurrentWeightsView weights,
    Window projected,
    Window attention,
    Window hidden,
    Window next,
    Window cell,
    int hasOutput,
    Window output) : IElementBody
{
    private readonly StepKind _kind = kind;
    private readonly int _step = step;
    private readonly StepRows _rows = rows;
    private readonly RecurrentWeightsView _weights = weights;
    private readonly Window _projected = projected;
    private readonly Window _attention = attention;
    private readonly Window _hidden = hidden;
    private readonly Window _next = next;
    private readonly Window _cell = cell;
    private readonly int _hasOutput = hasOutput;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        bool isOver = _step >= _rows.Length(row);
        if (_kind == StepKind.ResetGates)
        {
            if (!isOver)
                Gates(row, column, _rows.At(row, _step));
            return;
        }

        float h = isOver ? _hidden[row, column] : Next(row, column, _rows.At(row, _step));
        _next.Store(row, column, h);
        if (_hasOutput != 0 && !isOver)
            _output.Store(_rows.At(row, _step), column, h);
    }

    private float Next(int sequence, int unit, int row)
    {
        switch (_kind)
        {
            case StepKind.RnnTanh:
                return GpuMath.Tanh(Input(row, 0, unit) + Sums(sequence, unit, 0, 1).First);
            case StepKind.RnnRelu:
                float sum = Input(row, 0, unit) + Sums(sequence, unit, 0, 1).First;
                return sum < 0 ? 0 : sum;
            case StepKind.Lstm:
                return Lstm(sequence, unit, row);
            case StepKind.ResetCandidate:
                // _cell holds r * h and z beside each other
                float n = GpuMath.Tanh(Input(row, 2, unit) + GateSums.Of(_cell, sequence, _weights, unit, 2, 1).First);
                return Cell.Mix(_cell[sequence, _weights.Size + unit], _hidden[sequence, unit], n);
            default:
                return Gru(sequence, unit, row);
        }
    }

    private float Lstm(int sequence, int unit, int row)
    {
        GateSums sums = Sums(sequence, unit, 0, 4);
        float c = Cell.LstmCell(
            Input(row, 0, unit) + sums.First, Input(row, 1, unit) + sums.Second, Input(row, 2, unit) + sums.Third, _cell[sequence, unit]);
        _cell.Store(sequence, unit, c);
        return Cell.LstmHidden(Input(row, 3, unit) + sums.Fourth, c);
    }

    private float Gru(int sequence, int unit, int row)
    {
        GateSums sums = Sums(sequence, unit, 0, 3);
        float attention = _kind == StepKind.Gru ? 0 : _attention[row, 0];
        return Cell.Gru(
            _kind,
            Input(row, 0, unit) + sums.First,
            Input(row, 1, unit) + sums.Second,
            Input(row, 2, unit),
            sums.Third + _weights.CandidateBias(unit),
            _hidden[sequence, unit],
            attention);
    }

    private void Gates(int sequence, int unit, int row)
    {
        GateSums sums = Sums(sequence, unit, 0, 2);
        _cell.Store(sequence, unit, GpuMath.Sigmoid(Input(row, 0, unit) + sums.First) * _hidden[sequence, unit]);
        _cell.Store(sequence, _weights.Size + unit, GpuMath.Sigmoid(Input(row, 1, unit) + sums.Second));
    }

    private GateSums Sums(int sequence, int unit, int firstGate, int count) =>
        GateSums.Of(_hidden, sequence, _weights, unit, firstGate, count);

    private float Input(int row, int gate, int unit) => _projected[row, (gate * _weights.Size) + unit] + _weights.InputBias(gate, unit);
}
