using System.Runtime.InteropServices;

namespace SeqInfer.Tensors;

/// <summary>
/// Native memory of <typeparamref name="T"/>, 64-byte aligned, zeroed, freed on <see cref="SafeHandle.Dispose()"/> or by the finalizer. Large
/// buffers lie in <see cref="HugePages"/> where the system has them.
/// </summary>
internal sealed unsafe class AlignedBuffer<T> : SafeHandle
    where T : unmanaged
{
    public const int Alignment = 64;

    /// <summary>Allocates <paramref name="count"/> zeroed elements.</summary>
    /// <exception cref="OverflowException">The size in bytes does not fit the address space.</exception>
    /// <exception cref="OutOfMemoryException">The memory is not there.</exception>
    public AlignedBuffer(long count)
        : base(0, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        nuint bytes = checked((nuint)count * (nuint)sizeof(T));
        void* memory = NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), HugePages.AlignmentFor(bytes, Alignment));
        HugePages.Advise(memory, bytes);
        NativeMemory.Clear(memory, bytes);
        SetHandle((nint)memory);
        Count = count;
        ByteCount = (long)bytes;
        if (bytes > 0)
            GC.AddMemoryPressure((long)bytes);
    }

    public long Count { get; }

    public long ByteCount { get; }

    public T* Pointer => IsClosed ? throw new ObjectDisposedException(nameof(AlignedBuffer<T>)) : (T*)handle;

    public Span<T> Span => new(Pointer, checked((int)Count));

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        if (ByteCount > 0)
            GC.RemoveMemoryPressure(ByteCount);
        return true;
    }
}
