namespace SeqInfer.Kernels.Ranking;

/// <summary>Scaling of vectors to Euclidean length 1, in double, so that neither overflow nor underflow of the squares matters.</summary>
internal static unsafe class UnitLength
{
    /// <summary>The length, or 1 for a vector of length 0, which stays what it is.</summary>
    public static double DivisorOf(ReadOnlySpan<double> vector)
    {
        double squares = 0;
        foreach (double x in vector) squares += x * x;
        return squares == 0 ? 1 : Math.Sqrt(squares);
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
