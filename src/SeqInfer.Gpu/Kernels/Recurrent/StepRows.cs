namespace SeqInfer.Gpu.Kernels.Recurrent;

/// <summary>The sequences of a recurrent layer and the direction they run in.</summary>
internal readonly struct StepRows(Sequences sequences, int isReverse)
{
    private readonly Sequences _sequences = sequences;
    private readonly int _isReverse = isReverse;

    public int Length(int sequence) => _sequences.End(sequence) - _sequences.Start(sequence);

    /// <summary>The row of a step.</summary>
    public int At(int sequence, int step) => _isReverse != 0 ? _sequences.End(sequence) - 1 - step : _sequences.Start(sequence) + step;
}
