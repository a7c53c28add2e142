using SeqInfer.Kernels.Gemm;
using SeqInfer.Weights;

namespace SeqInfer.Kernels.Ranking;

/// <summary>Scaling of vectors to Euclidean length 1, in double, so that neither overflow nor underflow of the squares matters.</summary>
internal static unsafe class UnitLength
{
    /// <summary>The rows of a matrix, scaled; a row of length 0 stays what it is.</summary>
    public static RowReader Of(Parameter matrix)
    {
        double[] values = new double[matrix.Columns];
        return (row, destination) =>
        {
            matrix.CopyRow(row, values);
            double squares = 0;
            foreach (double x in values) squares += x * x;
            double divisor = squares == 0 ? 1 : Math.Sqrt(squares);
            for (int k = 0; k < values.Length; k++) destination[k] = (float)(values[k] / divisor);
        };
    }

    /// <summary>Scales each row; strides count elements.</summary>
    public static void Rows(float* x, nint xStride, float* y, nint yStride, int rows, int columns)
    {
        for (int r = 0; r < rows; r++, x += xStride, y += yStride)
        {
            double squares = 0;
            for (int c = 0; c < columns; c++) squares += (double)x[c] * x[c];
            double divisor = squares == 0 ? 1 : Math.Sqrt(squares);
            for (int c = 0; c < columns; c++) y[c] = (float)(x[c] / divisor);
        }
    }
}
