namespace SeqInfer.Tests.Infrastructure;

/// <summary>
/// Elements in pages of their own between two pages that may not be touched, so that a kernel which strays past its operands dies
/// instead of reading or writing a neighbour.
/// </summary>
internal sealed unsafe class GuardedMemory<T> : IDisposable
    where T : unmanaged
{
    private const byte Canary = 0xCD;

    private readonly byte* _pages;
    private readonly nuint _length;

    private GuardedMemory(int count, bool atEnd, int alignment)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint bytes = (nuint)count * (nuint)sizeof(T);
        nuint usable = Math.Max((bytes + page - 1) / page * page, page);
        _length = usable + 2 * page;
        _pages = (byte*)GuardPages.Reserve(_length);
        GuardPages.MakeUsable(_pages + page, usable);
        new Span<byte>(_pages + page, (int)usable).Fill(Canary);
        nuint offset = atEnd ? (usable - bytes) / (nuint)alignment * (nuint)alignment : 0;
        Pointer = (T*)(_pages + page + offset);
        Count = count;
        Span.Clear();
    }

    /// <summary>The first element.</summary>
    public T* Pointer { get; }

    /// <summary>The number of elements.</summary>
    public int Count { get; }

    /// <summary>All elements.</summary>
    public Span<T> Span => new(Pointer, Count);

    /// <summary>
    /// Zeroed elements that end where the upper guard page begins. With an alignment above 1 the first element is moved down to a multiple
    /// of so many bytes.
    /// </summary>
    public static GuardedMemory<T> AtEnd(int count, int alignment = 1) => new(count, atEnd: true, alignment);

    /// <summary>Zeroed elements that begin where the lower guard page ends, hence page-aligned.</summary>
    public static GuardedMemory<T> AtStart(int count) => new(count, atEnd: false, alignment: 1);

    /// <summary>A copy of <paramref name="values"/>, flush against the upper or the lower guard page.</summary>
    public static GuardedMemory<T> Of(ReadOnlySpan<T> values, bool atEnd)
    {
        GuardedMemory<T> memory = new(values.Length, atEnd, alignment: 1);
        values.CopyTo(memory.Span);
        return memory;
    }

    /// <summary>Fails if something was written between the guard pages but outside of the elements.</summary>
    public void AssertNothingElseWritten()
    {
        byte* first = _pages + Environment.SystemPageSize;
        byte* last = _pages + _length - Environment.SystemPageSize;
        ReadOnlySpan<byte> before = new(first, (int)((byte*)Pointer - first));
        Assert.False(before.ContainsAnyExcept(Canary), "Bytes before the elements were written.");
        byte* end = (byte*)(Pointer + Count);
        ReadOnlySpan<byte> behind = new(end, (int)(last - end));
        Assert.False(behind.ContainsAnyExcept(Canary), "Bytes behind the elements were written.");
    }

    /// <inheritdoc/>
    public void Dispose() => GuardPages.Release(_pages, _length);
}
