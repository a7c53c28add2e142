using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>How a tensor of any rank becomes a matrix.</summary>
internal static class MatrixSize
{
    /// <summary>Rank 0 is 1 x 1, rank 1 is 1 x n, higher ranks are the first dimension by the product of the others.</summary>
    /// <returns>False when a side exceeds 2^31-1.</returns>
    public static bool TryFlatten(Shape shape, out int rows, out int columns)
    {
        ReadOnlySpan<ulong> dimensions = shape.Dimensions;
        ulong first = dimensions.Length < 2 ? 1 : dimensions[0];
        ReadOnlySpan<ulong> others = dimensions.Length < 2 ? dimensions : dimensions[1..];
        bool fits = Shape.FromUnsigned(others).TryGetElementCount(out ulong rest) && first <= int.MaxValue && rest <= int.MaxValue;
        (rows, columns) = fits ? ((int)first, (int)rest) : (0, 0);
        return fits;
    }
}
