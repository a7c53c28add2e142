using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>
/// What surrounds the products of a tile of rows x one panel: where its accumulators start and what becomes of them.
/// Implementations are readonly structs, so that both are compiled into the kernel.
/// </summary>
internal interface ITile<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>The accumulator of one row and one vector of the panel before the first product.</summary>
    V Start(int row, int vector);

    /// <summary>Takes the finished accumulators of one row; vectors that the panel lacks hold nothing of use.</summary>
    void Finish(int row, V c0, V c1, V c2, V c3);
}
