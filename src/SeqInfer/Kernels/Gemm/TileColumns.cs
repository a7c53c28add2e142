namespace SeqInfer.Kernels.Gemm;

/// <summary>The columns of a tile.</summary>
/// <param name="panels">Panels beside each other; several have one vector each and belong to a single row.</param>
/// <param name="vectors">Vectors of a panel.</param>
/// <param name="count">Columns of the result that there are; of several panels all.</param>
/// <param name="factors">What integer sums are to be multiplied with; null for storages of fp32 arithmetic.</param>
internal readonly unsafe struct TileColumns(int panels, int vectors, int count, float* factors)
{
    public int Panels { get; } = panels;

    public int Vectors { get; } = vectors;

    public int Count { get; } = count;

    public float* Factors { get; } = factors;
}
