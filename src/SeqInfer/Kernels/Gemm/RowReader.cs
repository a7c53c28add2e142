namespace SeqInfer.Kernels.Gemm;

/// <summary>Copies one row of a matrix that is to be packed.</summary>
internal delegate void RowReader(int row, Span<float> destination);
