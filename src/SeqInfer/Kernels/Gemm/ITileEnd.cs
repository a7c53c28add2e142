using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>
/// What surrounds the products of the tiles of one panel: where their sums start and what becomes of them. Implementations are readonly structs,
/// so that both are compiled into the kernel.
/// </summary>
internal interface ITileEnd<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Whether <see cref="Ahead"/> has something to ask for.</summary>
    static abstract bool ReadsAhead { get; }

    /// <summary>
    /// Memory to ask for while a tile is computed, a little for each row of the panel: a burst of requests stalls the core once its fill buffers
    /// are taken.
    /// </summary>
    /// <param name="first">First row of the tile.</param>
    ReadAhead Ahead(int first);

    /// <summary>The bias of one vector of the panel, where sums start.</summary>
    V Bias(int vector);

    /// <summary>Takes the sums of one row of a panel of one vector.</summary>
    /// <param name="first">First row of the tile.</param>
    /// <param name="row">Row of the tile.</param>
    /// <param name="sum">The sums.</param>
    void Finish(int first, int row, V sum);

    /// <summary>Takes the sums of one row of a panel of two vectors.</summary>
    void Finish(int first, int row, V sum0, V sum1);

    /// <summary>Ends a tile whose rows were taken.</summary>
    void Complete(int first, int rows);
}
