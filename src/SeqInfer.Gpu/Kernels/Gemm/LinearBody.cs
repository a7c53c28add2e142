using ILGPU;
using SeqInfer.Gpu.Kernels.Elementwise;

namespace SeqInfer.Gpu.Kernels.Gemm;

/// <summary>
/// Linear layer, version 1: one thread an output. Sums run over blocks of inputs, whose sums are added in order; all versions share that
/// order.
/// </summary>
internal readonly struct LinearBody<TTerm>(Window input, int inputSize, PackedWeights weights, Epilogue epilogue) : IElementBody
    where TTerm : struct, ITerm
{
    /// <summary>Inputs of a block.</summary>
    public const int Block = 128;

    private readonly Window _input = input;
    private readonly int _inputSize = inputSize;
    private readonly PackedWeights _weights = weights;
    private readonly Epilogue _epilogue = epilogue;

    public void At(int row, int column)
    {
        float total = 0;
        for (int first = 0; first < _inputSize; first += Block)
        {
            int end = IntrinsicMath.Min(first + Block, _inputSize);
            float sum = 0;
            for (int k = first; k < end; k++)
                sum = default(TTerm).Add(sum, _input[row, k], _weights[k, column]);
            total += sum;
        }

        _epilogue.Store(row, column, total, _weights.Bias[column]);
    }
}
