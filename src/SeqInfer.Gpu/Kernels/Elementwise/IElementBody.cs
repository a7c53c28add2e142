namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>What one thread does for one element of a result; the struct carries the operands.</summary>
internal interface IElementBody
{
    void At(int row, int column);
}
