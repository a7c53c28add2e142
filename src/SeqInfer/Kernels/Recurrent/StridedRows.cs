namespace SeqInfer.Kernels.Recurrent;

/// <summary>The rows of a matrix in memory, or nothing.</summary>
/// <param name="first">Element (0, 0); null for nothing.</param>
/// <param name="stride">Floats from one row to the next.</param>
internal readonly unsafe struct StridedRows(float* first, nint stride)
{
    public float* First { get; } = first;

    public nint Stride { get; } = stride;

    public bool IsNull => First == null;

    public float* Row(int row) => First + (row * Stride);

    /// <summary>The rows from one on; nothing stays nothing.</summary>
    public StridedRows From(int row) => IsNull ? this : new StridedRows(Row(row), Stride);
}
