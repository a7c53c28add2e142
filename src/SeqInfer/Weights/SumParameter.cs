using System.Buffers;
using System.Numerics.Tensors;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>The sum of two parameters of one size, added in double when read.</summary>
internal sealed class SumParameter : Parameter
{
    private readonly Parameter _left;
    private readonly Parameter _right;

    private SumParameter(Parameter left, Parameter right)
        : base($"{left.Name} + {right.Name}", left.Rows, left.Columns, DType.F64)
    {
        _left = left;
        _right = right;
    }

    public static Parameter Create(Parameter left, Parameter right)
    {
        ArgumentNullException.ThrowIfNull(right);
        if (left.Rows != right.Rows || left.Columns != right.Columns)
        {
            throw new ArgumentException(
                $"Cannot add \"{left.Name}\" ({left.Rows} x {left.Columns}) and \"{right.Name}\" ({right.Rows} x {right.Columns}).",
                nameof(right));
        }

        SumParameter sum = new(left, right);
        return left.IsMissing || right.IsMissing ? new ZeroParameter(sum.Name, sum.Rows, sum.Columns, isMissing: true) : sum;
    }

    public override Parameter Transpose() => new SumParameter(_left.Transpose(), _right.Transpose());

    internal override Parameter Slice(int firstRow, int rows, int firstColumn, int columns) => new SumParameter(
        _left.Slice(firstRow, rows, firstColumn, columns), _right.Slice(firstRow, rows, firstColumn, columns));

    internal override void Read<T>(int row, int firstColumn, Span<T> destination)
    {
        using Rented left = new(destination.Length);
        using Rented right = new(destination.Length);
        _left.Read(row, firstColumn, left.Values);
        _right.Read(row, firstColumn, right.Values);
        TensorPrimitives.Add<double>(left.Values, right.Values, left.Values);
        TensorPrimitives.ConvertTruncating<double, T>(left.Values, destination);
    }

    /// <summary>A buffer of the shared pool, given back at the end of the scope.</summary>
    private readonly ref struct Rented(int length)
    {
        private readonly double[] _array = ArrayPool<double>.Shared.Rent(length);

        public Span<double> Values => _array.AsSpan(0, length);

        public void Dispose() => ArrayPool<double>.Shared.Return(_array);
    }
}
