using SeqInfer.Devices;

namespace SeqInfer.Gpu.Kernels.Gemm;

/// <summary>What happens to a finished sum before it is stored: activation(sum + bias) + residual.</summary>
internal readonly struct Epilogue(ActivationKind kind, float alpha, int hasResidual, Window residual, Window output)
{
    private readonly ActivationKind _kind = kind;
    private readonly float _alpha = alpha;
    private readonly int _hasResidual = hasResidual;
    private readonly Window _residual = residual;
    private readonly Window _output = output;

    public void Store(int row, int column, float sum, float bias)
    {
        float y = GpuMath.Activate(_kind, _alpha, sum + bias);
        if (_hasResidual != 0)
            y += _residual[row, column];
        _output.Store(row, column, y);
    }
}
