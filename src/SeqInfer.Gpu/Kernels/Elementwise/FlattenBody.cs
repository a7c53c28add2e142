namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>Step and channel of a sequence become a column; rows are those of the input.</summary>
internal readonly struct FlattenBody(Window input, int steps, int stepFactor, int channelFactor, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly int _steps = steps;
    private readonly int _stepFactor = stepFactor;
    private readonly int _channelFactor = channelFactor;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int sequence = row / _steps;
        int step = row - (sequence * _steps);
        _output.Store(sequence, (step * _stepFactor) + (column * _channelFactor), _input[row, column]);
    }
}
