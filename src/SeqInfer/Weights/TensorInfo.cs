using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>A named tensor in a weights file: what the header says about it, checked, and where its bytes lie.</summary>
public sealed class TensorInfo
{
    internal TensorInfo(string file, string name, DType dtype, Shape shape, WeightMemory memory, long byteOffset, long byteLength)
    {
        File = file;
        Name = name;
        DType = dtype;
        Shape = shape;
        Memory = memory;
        ByteOffset = byteOffset;
        ByteLength = byteLength;
    }

    /// <summary>Path of the file that holds the tensor.</summary>
    public string File { get; }

    /// <summary>Name of the tensor.</summary>
    public string Name { get; }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>Dimensions, outermost first; the data is row-major and little-endian.</summary>
    public Shape Shape { get; }

    /// <summary>Position of the first byte, counted from the start of the file.</summary>
    public long ByteOffset { get; }

    /// <summary>Length of the data in bytes.</summary>
    public long ByteLength { get; }

    internal WeightMemory Memory { get; }

    /// <summary>Makes a tensor that lives in memory instead of a file.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="dtype">Element type of the values.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="data">Little-endian elements, row-major; copied.</param>
    /// <exception cref="SafetensorsFormatException">The data does not have the size of shape and dtype.</exception>
    public static TensorInfo FromBytes(string name, DType dtype, Shape shape, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(name);
        SafetensorsLayout.CheckDataLength(InMemory, name, dtype, shape, (ulong)data.Length);
        return new TensorInfo(InMemory, name, dtype, shape, new CopiedMemory<byte>(data), 0, data.Length);
    }

    /// <summary>Makes an F32 tensor that lives in memory instead of a file.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="values">Elements, row-major; copied.</param>
    /// <exception cref="SafetensorsFormatException">The number of values is not that of the shape.</exception>
    public static TensorInfo FromValues(string name, Shape shape, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(name);
        SafetensorsLayout.CheckDataLength(InMemory, name, DType.F32, shape, (ulong)values.Length * sizeof(float));
        return new TensorInfo(InMemory, name, DType.F32, shape, new CopiedMemory<float>(values), 0, (long)values.Length * sizeof(float));
    }

    /// <summary>Copies raw bytes of the tensor.</summary>
    /// <param name="offset">First byte, counted from the tensor's own start.</param>
    /// <param name="destination">Filled completely.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the tensor.</exception>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public unsafe void CopyBytes(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ByteLength - destination.Length);
        byte* pointer = Memory.Acquire();
        try
        {
            new ReadOnlySpan<byte>(pointer + ByteOffset + offset, destination.Length).CopyTo(destination);
        }
        finally
        {
            Memory.Release();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {DType.SafetensorsName()}{Shape}";

    internal const string InMemory = "(in memory)";
}
