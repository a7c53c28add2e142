using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>A micro-kernel: some rows x one panel of units, all sums in registers.</summary>
internal unsafe interface IPanelKernel<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Vectors of a panel.</summary>
    static abstract int Vectors { get; }

    /// <summary>How many rows keep their sums in registers beside weights and a value of x.</summary>
    static abstract int MaxRows { get; }

    /// <summary>Computes some tiles of one height below each other.</summary>
    /// <param name="height">Rows of a tile, 1..<see cref="MaxRows"/>.</param>
    /// <param name="tiles">How many tiles, at least one.</param>
    /// <param name="first">What the end knows the first row of the first tile by.</param>
    /// <param name="x">That row.</param>
    /// <param name="xStride">Floats from one row to the next.</param>
    /// <param name="panel">First row of the panel.</param>
    /// <param name="steps">How many rows the panel has.</param>
    /// <param name="end">What becomes of the sums.</param>
    static abstract void Run<TEnd>(int height, int tiles, int first, float* x, nint xStride, byte* panel, int steps, in TEnd end)
        where TEnd : struct, ITileEnd<V>;
}
