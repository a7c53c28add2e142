using System.Numerics;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>
/// A read-only matrix of trained values, the one form in which weights reach a device. It is a lazy view: slices, transposes, sums and
/// concatenations share the storage of what they are made of, which for a file is the mapping itself. A vector of n values is 1 x n.
/// </summary>
/// <remarks>
/// Immutable and thread-safe. Reading after the file's disposal throws <see cref="ObjectDisposedException"/>. A parameter that could not be
/// found, and whatever is derived from it, reads as zeros, has no storage and says so in <see cref="IsMissing"/>.
/// </remarks>
public abstract class Parameter
{
    private protected Parameter(string name, int rows, int columns, DType dtype)
    {
        Name = name;
        Rows = rows;
        Columns = columns;
        DType = dtype;
    }

    /// <summary>Name of the tensor, or of what was derived from it.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Rows times columns.</summary>
    public long ElementCount => (long)Rows * Columns;

    /// <summary>Element type of the storage; F64 for values computed from several tensors, F32 for zeros.</summary>
    public DType DType { get; }

    /// <summary>True for the stand-in of a tensor that was not found or had another shape.</summary>
    public virtual bool IsMissing => false;

    /// <summary>One element; for spot checks, not for loops.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row or column lies outside.</exception>
    public double this[int row, int column]
    {
        get
        {
            CheckRow(row);
            CheckRange(column, 1, Columns, nameof(column));
            Span<double> value = stackalloc double[1];
            Read(row, column, value);
            return value[0];
        }
    }

    /// <summary>Reads a tensor as a matrix of the given size, whatever its rank: the row-major elements are the same.</summary>
    /// <exception cref="WeightTensorException">The tensor has another number of elements, or a dtype without conversion to float.</exception>
    public static Parameter FromTensor(TensorInfo tensor, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        return StoredParameter.FromTensor(tensor, rows, columns);
    }

    /// <summary>
    /// Reads a tensor as the matrix of its first dimension by all others: a scalar is 1 x 1, a vector 1 x n, [a, b, c] is a x (b c).
    /// </summary>
    /// <exception cref="WeightTensorException">A side exceeds 2^31-1, or the dtype has no conversion to float.</exception>
    public static Parameter FromTensor(TensorInfo tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return MatrixSize.TryFlatten(tensor.Shape, out int rows, out int columns)
            ? StoredParameter.FromTensor(tensor, rows, columns)
            : throw new WeightTensorException(
                tensor.File, tensor.Name, tensor.DType, $"shape {tensor.Shape} has no matrix form with sides up to {int.MaxValue}");
    }

    /// <summary>Makes a parameter from row-major values, which are copied and stored as F64.</summary>
    /// <exception cref="ArgumentException">There are not rows x columns values.</exception>
    public static Parameter FromValues(string name, int rows, int columns, ReadOnlySpan<double> values)
        => StoredParameter.FromValues(name, rows, columns, DType.F64, values);

    /// <summary>Makes a parameter from row-major values, which are copied and stored as F32.</summary>
    /// <exception cref="ArgumentException">There are not rows x columns values.</exception>
    public static Parameter FromValues(string name, int rows, int columns, ReadOnlySpan<float> values)
        => StoredParameter.FromValues(name, rows, columns, DType.F32, values);

    /// <summary>Makes a parameter from row-major values, which are rounded to the nearest bfloat16, ties to even, and stored so.</summary>
    /// <exception cref="ArgumentException">There are not rows x columns values.</exception>
    internal static Parameter FromRoundedValues(string name, int rows, int columns, ReadOnlySpan<float> values)
    {
        ushort[] rounded = new ushort[values.Length];
        for (int i = 0; i < rounded.Length; i++)
            rounded[i] = BFloat16.Round(values[i]);
        return StoredParameter.FromValues<ushort>(name, rows, columns, DType.BF16, rounded);
    }

    /// <summary>Zeros of any size, without storage.</summary>
    public static Parameter Zeros(string name, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        return new ZeroParameter(name, rows, columns, isMissing: false);
    }

    /// <summary>Stacks matrices of equal width on top of each other.</summary>
    /// <exception cref="ArgumentException">There is nothing to stack, widths differ, or the rows exceed 2^31-1.</exception>
    public static Parameter ConcatRows(string name, params ReadOnlySpan<Parameter> parts)
        => ConcatParameter.Create(name, stackRows: true, parts);

    /// <summary>Puts matrices of equal height beside each other.</summary>
    /// <exception cref="ArgumentException">There is nothing to join, heights differ, or the columns exceed 2^31-1.</exception>
    public static Parameter ConcatColumns(string name, params ReadOnlySpan<Parameter> parts)
        => ConcatParameter.Create(name, stackRows: false, parts);

    /// <summary>The element-wise sum, computed in double when it is read.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public Parameter Add(Parameter other) => SumParameter.Create(this, other);

    /// <summary>Every element times a factor, computed in double when it is read.</summary>
    public Parameter Scale(double factor) => ScaledParameter.Create(this, factor);

    /// <summary>The transpose: columns x rows.</summary>
    public abstract Parameter Transpose();

    /// <summary>The rows from <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the matrix.</exception>
    public Parameter SliceRows(int start, int count)
    {
        CheckRange(start, count, Rows, nameof(start));
        return Slice(start, count, 0, Columns);
    }

    /// <summary>The columns from <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the matrix.</exception>
    public Parameter SliceColumns(int start, int count)
    {
        CheckRange(start, count, Columns, nameof(start));
        return Slice(0, Rows, start, count);
    }

    /// <summary>
    /// The same row-major elements in another size. A view where the elements lie side by side; otherwise they are copied once, as double.
    /// </summary>
    /// <exception cref="ArgumentException">The number of elements differs.</exception>
    public Parameter Reshape(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if ((long)rows * columns != ElementCount)
            throw new ArgumentException($"Parameter \"{Name}\": {Rows} x {Columns} cannot become {rows} x {columns}.");
        return ReshapeView(rows, columns);
    }

    /// <summary>Copies one row, converted to double.</summary>
    /// <param name="row">Index of the row.</param>
    /// <param name="destination">At least <see cref="Columns"/> values; the rest is left alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">The row lies outside.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyRow(int row, Span<double> destination)
    {
        CheckRow(row);
        CheckDestination(destination.Length);
        Read(row, 0, destination[..Columns]);
    }

    /// <summary>Copies one row, each element rounded once to float.</summary>
    /// <inheritdoc cref="CopyRow(int, Span{double})"/>
    public void CopyRow(int row, Span<float> destination)
    {
        CheckRow(row);
        CheckDestination(destination.Length);
        Read(row, 0, destination[..Columns]);
    }

    /// <summary>All elements, row-major.</summary>
    /// <exception cref="InvalidOperationException">There are more elements than an array can hold.</exception>
    public double[] ToArray()
    {
        double[] values = new double[ArrayLength()];
        for (int row = 0; row < Rows; row++) Read(row, 0, values.AsSpan(row * Columns, Columns));
        return values;
    }

    /// <summary>All elements, row-major, each rounded once to float.</summary>
    /// <inheritdoc cref="ToArray"/>
    public float[] ToFloatArray()
    {
        float[] values = new float[ArrayLength()];
        for (int row = 0; row < Rows; row++) Read(row, 0, values.AsSpan(row * Columns, Columns));
        return values;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {DType.SafetensorsName()} {Rows} x {Columns}{(IsMissing ? " (missing)" : "")}";

    /// <summary>
    /// Gives direct access to the storage, for reading in place, or null where the elements of a row do not lie side by side in memory
    /// (transposes, sums, concatenations, zeros).
    /// </summary>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    internal virtual ParameterLease? TryLease() => null;

    /// <summary>A window; the ranges have been checked.</summary>
    internal abstract Parameter Slice(int firstRow, int rows, int firstColumn, int columns);

    /// <summary>The same elements in another size of equal product.</summary>
    internal virtual Parameter ReshapeView(int rows, int columns) => FromValues(Name, rows, columns, ToArray());

    /// <summary>Reads part of a row, the elements converted to float or double; the range has been checked.</summary>
    internal abstract void Read<T>(int row, int firstColumn, Span<T> destination)
        where T : unmanaged, INumberBase<T>;

    private static void CheckRange(int start, int count, int size, string name)
    {
        if (start < 0 || count < 0 || start > size - count)
            throw new ArgumentOutOfRangeException(name, $"{start}..{(long)start + count} leaves 0..{size}.");
    }

    private void CheckRow(int row) => CheckRange(row, 1, Rows, nameof(row));

    private void CheckDestination(int length)
    {
        if (length < Columns)
            throw new ArgumentException($"Parameter \"{Name}\": a row has {Columns} values, the destination holds {length}.", "destination");
    }

    private int ArrayLength() => ElementCount <= Array.MaxLength
        ? (int)ElementCount
        : throw new InvalidOperationException($"Parameter \"{Name}\": {Rows} x {Columns} values do not fit an array.");
}
