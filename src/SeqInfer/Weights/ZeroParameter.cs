using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>Zeros without storage: real ones, or the stand-in of a missing tensor.</summary>
internal sealed class ZeroParameter(string name, int rows, int columns, bool isMissing) : Parameter(name, rows, columns, DType.F32)
{
    public override bool IsMissing => isMissing;

    public override Parameter Transpose() => new ZeroParameter(Name, Columns, Rows, isMissing);

    internal override Parameter Slice(int firstRow, int rows, int firstColumn, int columns)
        => new ZeroParameter(Name, rows, columns, isMissing);

    internal override Parameter ReshapeView(int rows, int columns) => new ZeroParameter(Name, rows, columns, isMissing);

    internal override void Read<T>(int row, int firstColumn, Span<T> destination) => destination.Clear();
}
