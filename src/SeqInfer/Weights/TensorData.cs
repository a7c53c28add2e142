using System.Runtime.InteropServices;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>A tensor to be written: what it is, and where its bytes come from when their turn comes.</summary>
public sealed class TensorData
{
    private const int ChunkLength = 1 << 20;

    private readonly Action<Stream> _write;

    private TensorData(string name, DType dtype, Shape shape, Action<Stream> write)
    {
        Name = name;
        DType = dtype;
        Shape = shape;
        _write = write;
    }

    /// <summary>Name of the tensor.</summary>
    public string Name { get; }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>Dimensions, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>Little-endian, row-major bytes, read when the file is written.</summary>
    /// <exception cref="SafetensorsFormatException">The data does not have the size of shape and dtype.</exception>
    public static TensorData FromBytes(string name, DType dtype, Shape shape, ReadOnlyMemory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(name);
        SafetensorsLayout.CheckDataLength(TensorInfo.InMemory, name, dtype, shape, (ulong)data.Length);
        return new TensorData(name, dtype, shape, stream => stream.Write(data.Span));
    }

    /// <summary>F32 values, row-major, read when the file is written.</summary>
    /// <exception cref="SafetensorsFormatException">The number of values is not that of the shape.</exception>
    public static TensorData FromValues(string name, Shape shape, ReadOnlyMemory<float> values)
        => FromArray(name, DType.F32, shape, values);

    /// <summary>F64 values, row-major, read when the file is written.</summary>
    /// <exception cref="SafetensorsFormatException">The number of values is not that of the shape.</exception>
    public static TensorData FromValues(string name, Shape shape, ReadOnlyMemory<double> values)
        => FromArray(name, DType.F64, shape, values);

    /// <summary>I64 values, row-major, read when the file is written.</summary>
    /// <exception cref="SafetensorsFormatException">The number of values is not that of the shape.</exception>
    public static TensorData FromValues(string name, Shape shape, ReadOnlyMemory<long> values)
        => FromArray(name, DType.I64, shape, values);

    /// <summary>A tensor of another file, copied in pieces when the file is written.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">Its new name; null keeps the old one.</param>
    public static TensorData FromTensor(TensorInfo tensor, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new TensorData(name ?? tensor.Name, tensor.DType, tensor.Shape, stream => Copy(tensor, stream));
    }

    /// <summary>A tensor whose bytes are produced when the file is written.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="write">Writes exactly the bytes of the tensor.</param>
    public static TensorData FromStream(string name, DType dtype, Shape shape, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(write);
        return new TensorData(name, dtype, shape, write);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {DType.SafetensorsName()}{Shape}";

    internal void WriteTo(Stream stream) => _write(stream);

    private static TensorData FromArray<T>(string name, DType dtype, Shape shape, ReadOnlyMemory<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        SafetensorsLayout.CheckDataLength(
            TensorInfo.InMemory, name, dtype, shape, (ulong)values.Length * (ulong)(dtype.Bits() / 8));
        return new TensorData(name, dtype, shape, stream =>
        {
            int step = ChunkLength / (dtype.Bits() / 8);
            for (int i = 0; i < values.Length; i += step)
                stream.Write(MemoryMarshal.AsBytes(values.Span.Slice(i, Math.Min(step, values.Length - i))));
        });
    }

    private static void Copy(TensorInfo tensor, Stream stream)
    {
        byte[] chunk = new byte[(int)Math.Min(ChunkLength, tensor.ByteLength)];
        for (long offset = 0; offset < tensor.ByteLength; offset += chunk.Length)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, tensor.ByteLength - offset));
            tensor.CopyBytes(offset, part);
            stream.Write(part);
        }
    }
}
