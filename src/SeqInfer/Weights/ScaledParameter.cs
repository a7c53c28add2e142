using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>A parameter times a factor, multiplied in double when it is read.</summary>
internal sealed class ScaledParameter : Parameter
{
    private readonly Parameter _source;
    private readonly double _factor;

    private ScaledParameter(Parameter source, double factor)
        : base(source.Name, source.Rows, source.Columns, DType.F64)
    {
        _source = source;
        _factor = factor;
    }

    /// <summary>The product; a missing parameter stays missing.</summary>
    public static Parameter Create(Parameter source, double factor) => source.IsMissing ? source : new ScaledParameter(source, factor);

    public override Parameter Transpose() => new ScaledParameter(_source.Transpose(), _factor);

    internal override Parameter Slice(int firstRow, int rows, int firstColumn, int columns)
        => new ScaledParameter(_source.Slice(firstRow, rows, firstColumn, columns), _factor);

    internal override void Read<T>(int row, int firstColumn, Span<T> destination)
    {
        Span<double> values = stackalloc double[256];
        while (!destination.IsEmpty)
        {
            Span<double> part = values[..Math.Min(values.Length, destination.Length)];
            _source.Read(row, firstColumn, part);
            for (int i = 0; i < part.Length; i++) destination[i] = T.CreateTruncating(part[i] * _factor);
            destination = destination[part.Length..];
            firstColumn += part.Length;
        }
    }
}
