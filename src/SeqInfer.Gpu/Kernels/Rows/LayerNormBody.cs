using ILGPU;

namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>y = gamma (x + residual - mean) / deviation + beta; three passes over a row that stays in the cache.</summary>
internal readonly struct LayerNormBody(Window input, Window residual, int hasResidual, ArrayView<float> gamma, ArrayView<float> beta, int size, float epsilon, int isUnbiased, Window output) : IRowBody
{
    private readonly Window _input = input;
    private readonly Window _residual = residual;
    private readonly int _hasResidual = hasResidual;
    private readonly ArrayView<float> _gamma = gamma;
    private readonly ArrayView<float> _beta = beta;
    private readonly int _size = size;
    private readonly float _epsilon = epsilon;
    private readonly int _isUnbiased = isUnbiased;
    private readonly Window _output = output;

    public void Row<TLanes>(int row, bool writes, TLanes lanes)
        where TLanes : struct, ILanes
    {
        float sum = 0;
        for (int c = lanes.Index; c < _size; c += lanes.Count)
            sum += At(row, c);
        float mean = lanes.Sum(sum) / _size;
        float squares = 0;
        for (int c = lanes.Index; c < _size; c += lanes.Count)
        {
            float centred = At(row, c) - mean;
            squares = GpuMath.Fma(centred, centred, squares);
        }

        squares = lanes.Sum(squares);
        float deviation = _isUnbiased != 0
            ? GpuMath.Sqrt(squares / (_size - 1)) + _epsilon
            : GpuMath.Sqrt((squares / _size) + _epsilon);
        if (!writes)
            return;
        for (int c = lanes.Index; c < _size; c += lanes.Count)
            _output.Store(row, c, GpuMath.Fma(_gamma[c], (At(row, c) - mean) / deviation, _beta[c]));
    }

    private float At(int row, int column) => _hasResidual != 0 ? _input[row, column] + _residual[row, column] : _input[row, column];
}
