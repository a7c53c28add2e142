using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>
/// A memory-mapped safetensors file. Opening parses and checks the header only, so it takes the same time whatever the size of the data;
/// pages are read when a tensor is.
/// </summary>
/// <remarks>
/// Thread-safe. After disposal every access throws <see cref="ObjectDisposedException"/>. A file must not be truncated while it is mapped:
/// replace files by renaming, as <see cref="SafetensorsWriter"/> does.
/// </remarks>
public sealed unsafe class SafetensorsFile : IDisposable
{
    /// <summary>The longest header that the format allows, in bytes.</summary>
    public const int MaxHeaderLength = 100_000_000;

    private const int LengthPrefix = sizeof(ulong);

    private readonly MappedMemory _memory;
    private readonly Dictionary<string, TensorInfo> _byName;

    private SafetensorsFile(string path, MappedMemory memory)
    {
        _memory = memory;
        Path = path;
        SafetensorsHeader header = ReadHeader(path, memory, out long dataStart);
        SafetensorsLayout.Check(path, header.Entries, (ulong)(memory.Length - dataStart));
        Metadata = header.Metadata;
        TensorInfo[] tensors = new TensorInfo[header.Entries.Count];
        _byName = new Dictionary<string, TensorInfo>(tensors.Length, StringComparer.Ordinal);
        for (int i = 0; i < tensors.Length; i++)
        {
            SafetensorsEntry entry = header.Entries[i];
            tensors[i] = new TensorInfo(
                path, entry.Name, entry.DType, entry.Shape, memory, dataStart + (long)entry.Begin, (long)(entry.End - entry.Begin));
            _byName.Add(entry.Name, tensors[i]);
        }

        Tensors = tensors;
    }

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    /// <summary>The string map under <c>__metadata__</c>; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>A tensor by name.</summary>
    /// <exception cref="SafetensorsFormatException">The file has no such tensor.</exception>
    public TensorInfo this[string name] => TryGetTensor(name, out TensorInfo? tensor)
        ? tensor
        : throw new SafetensorsFormatException(Path, name, SafetensorsRule.TensorNotFound, $"not among the {Tensors.Count} tensors");

    /// <summary>Maps a file and checks its header.</summary>
    /// <exception cref="SafetensorsFormatException">The file cannot be read or breaks a rule of the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        MappedMemory memory = Map(path);
        try
        {
            return new SafetensorsFile(path, memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Looks a tensor up by name.</summary>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out TensorInfo? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>
    /// The bytes of a tensor in the mapping. The span is valid until this object is disposed or collected: keep it referenced meanwhile.
    /// <see cref="TensorInfo.CopyBytes"/> has no such condition and reads tensors of any length.
    /// </summary>
    /// <exception cref="SafetensorsFormatException">The file has no such tensor.</exception>
    /// <exception cref="WeightTensorException">The tensor exceeds the length of a span.</exception>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public ReadOnlySpan<byte> GetBytes(string name)
    {
        TensorInfo tensor = this[name];
        if (tensor.ByteLength > int.MaxValue)
            throw new WeightTensorException(Path, name, tensor.DType, $"{tensor.ByteLength} bytes exceed a span of {int.MaxValue}");
        byte* pointer = _memory.Acquire();
        _memory.Release();
        return new ReadOnlySpan<byte>(pointer + tensor.ByteOffset, (int)tensor.ByteLength);
    }

    /// <summary>Unmaps the file, once the parameters that are read in place let go of it.</summary>
    public void Dispose() => _memory.Dispose();

    private static MappedMemory Map(string path)
    {
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            long length = RandomAccess.GetLength(handle);
            return length >= LengthPrefix
                ? MappedMemory.Map(handle, length)
                : throw new SafetensorsFormatException(
                    path, null, SafetensorsRule.HeaderTooSmall, $"the file has {length} bytes, the header length alone takes {LengthPrefix}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SafetensorsFormatException(path, null, SafetensorsRule.Io, error.Message, error);
        }
    }

    private static SafetensorsHeader ReadHeader(string path, MappedMemory memory, out long dataStart)
    {
        byte* pointer = memory.Acquire();
        try
        {
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(pointer, LengthPrefix));
            if (length > MaxHeaderLength)
            {
                throw new SafetensorsFormatException(
                    path, null, SafetensorsRule.HeaderTooLarge, $"the header claims {length} bytes, at most {MaxHeaderLength} are allowed");
            }

            dataStart = LengthPrefix + (long)length;
            if (dataStart > memory.Length)
            {
                throw new SafetensorsFormatException(
                    path, null, SafetensorsRule.InvalidHeaderLength,
                    $"the header claims to end at byte {dataStart}, the file has {memory.Length}");
            }

            return SafetensorsHeader.Parse(path, new ReadOnlySpan<byte>(pointer + LengthPrefix, (int)length));
        }
        finally
        {
            memory.Release();
        }
    }
}
