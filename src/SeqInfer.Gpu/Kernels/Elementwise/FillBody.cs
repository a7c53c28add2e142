namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>The same value everywhere.</summary>
internal readonly struct FillBody(float value, Window output) : IElementBody
{
    private readonly float _value = value;
    private readonly Window _output = output;

    public void At(int row, int column) => _output.Store(row, column, _value);
}
