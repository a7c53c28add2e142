using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>
/// Bytes at a fixed address. Between <see cref="Acquire"/> and <see cref="Release"/> the address stays valid even when the owner is
/// disposed meanwhile; the memory is freed once the owner is disposed (or collected) and the last acquisition released.
/// </summary>
internal abstract unsafe class WeightMemory : IDisposable
{
    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Pins the memory and gives its address.</summary>
    /// <exception cref="ObjectDisposedException">The owner has been disposed.</exception>
    public abstract byte* Acquire();

    /// <summary>Undoes one <see cref="Acquire"/>.</summary>
    public abstract void Release();

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>A read-only mapping of a file; the view's safe handle unmaps it when nobody disposes it.</summary>
internal sealed unsafe class MappedMemory : WeightMemory
{
    private readonly MemoryMappedViewAccessor _accessor;
    private readonly SafeMemoryMappedViewHandle _view;

    private MappedMemory(MemoryMappedViewAccessor accessor, long length)
    {
        _accessor = accessor;
        _view = accessor.SafeMemoryMappedViewHandle;
        Length = length;
    }

    public override long Length { get; }

    /// <summary>Maps a whole file of the given length, which must not be 0; the file itself may be closed afterwards.</summary>
    public static MappedMemory Map(SafeFileHandle file, long length)
    {
        using MemoryMappedFile mapped = MemoryMappedFile.CreateFromFile(
            file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return new MappedMemory(mapped.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read), length);
    }

    public override byte* Acquire()
    {
        byte* pointer = null;
        _view.AcquirePointer(ref pointer);
        return pointer;
    }

    public override void Release() => _view.ReleasePointer();

    public override void Dispose() => _accessor.Dispose();
}

/// <summary>A copy of values in memory of its own, which starts at a cache line. Freed when it is collected, not disposed.</summary>
internal sealed unsafe class CopiedMemory<T> : WeightMemory
    where T : unmanaged
{
    private readonly AlignedBuffer<T> _values;

    /// <summary>Copies the values.</summary>
    public CopiedMemory(ReadOnlySpan<T> values)
    {
        _values = new AlignedBuffer<T>(values.Length);
        values.CopyTo(_values.Span);
    }

    public override long Length => _values.ByteCount;

    public override byte* Acquire() => (byte*)_values.Pointer;

    public override void Release() => GC.KeepAlive(this);

    public override void Dispose()
    {
    }
}
