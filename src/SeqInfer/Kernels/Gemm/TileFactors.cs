namespace SeqInfer.Kernels.Gemm;

/// <summary>What turns a tile's integer sums into values: a factor for each column times one for each row of x. Storages without factors need none.</summary>
/// <param name="columns">Factor of the tile's first column.</param>
/// <param name="columnStride">Floats from the factors of one row of the tile to those of the next: 0, or the width where panels stand for rows.</param>
/// <param name="rows">Factor of the tile's first row of x.</param>
/// <param name="rowStride">Floats from one row's factor to the next one's: 1, or 0 where panels stand for rows.</param>
internal readonly unsafe struct TileFactors(float* columns, nint columnStride, float* rows, nint rowStride)
{
    public float* Columns { get; } = columns;

    public nint ColumnStride { get; } = columnStride;

    public float* Rows { get; } = rows;

    public nint RowStride { get; } = rowStride;
}
