using SeqInfer.Devices;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>y = activation(x); without an activation a copy.</summary>
internal readonly struct ApplyBody(Window input, ActivationKind kind, float alpha, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly ActivationKind _kind = kind;
    private readonly float _alpha = alpha;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        _output.Store(row, column, GpuMath.Activate(_kind, _alpha, _input[row, column]));
    }
}
