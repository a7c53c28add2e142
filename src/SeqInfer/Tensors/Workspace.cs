using System.Runtime.InteropServices;

namespace SeqInfer.Tensors;

/// <summary>
/// The arena one forward pass works in. Windows are taken in stack order and freed by leaving a <see cref="Frame"/>;
/// capacity is fixed when the workspace is made, so a pass never allocates. Belongs to one thread at a time.
/// </summary>
/// <remarks>
/// A planning workspace has no memory: it hands out windows, remembers the highest mark and devices skip the arithmetic.
/// Running a forward pass on it once gives the exact size that the real one needs.
/// </remarks>
public abstract class Workspace : IDisposable
{
    /// <summary>Elements to which offsets and strides are rounded: 64 bytes of floats.</summary>
    internal const int Granularity = 16;

    // A row stride of a multiple of 2 KB maps rows onto few cache sets.
    private const int AliasingStride = 512;

    private readonly int[] _indices;
    private readonly bool _planning;
    private long _top;
    private int _indexTop;

    /// <summary>Creates an arena of <paramref name="size"/>; or, with <paramref name="planning"/>, one that only measures.</summary>
    protected Workspace(WorkspaceSize size, bool planning)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size.Elements);
        ArgumentOutOfRangeException.ThrowIfNegative(size.Indices);
        Capacity = size;
        _planning = planning;

        // Pinned, because kernels read it through pointers.
        _indices = planning ? [] : GC.AllocateArray<int>(size.Indices, pinned: true);
        PlannedIndices = planning ? new List<int>() : null;
    }

    /// <summary>True when this workspace only measures.</summary>
    public bool IsPlanning => _planning;

    /// <summary>What the arena holds at most. Without meaning while planning.</summary>
    public WorkspaceSize Capacity { get; }

    /// <summary>The most that was in use at once since the workspace was made.</summary>
    public WorkspaceSize Peak { get; private set; }

    /// <summary>Bytes of memory the workspace holds.</summary>
    public abstract long ByteCount { get; }

    private List<int>? PlannedIndices { get; }

    /// <summary>Opens a frame: windows taken from here on are freed when it is disposed.</summary>
    public WorkspaceFrame Frame() => new(this, _top, _indexTop);

    /// <summary>Takes a window of undefined content. Rows start 64-byte aligned where a row has more than eight columns.</summary>
    /// <exception cref="WorkspaceCapacityException">The arena is too small.</exception>
    public Tensor Take(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        int stride = StrideFor(columns);
        long offset = _top;
        long end = checked(offset + RoundUp(checked((long)rows * stride)));
        if (!_planning && end > Capacity.Elements)
            throw new WorkspaceCapacityException("elements", end, Capacity.Elements);
        _top = end;
        if (end > Peak.Elements)
            Peak = Peak with { Elements = end };
        return new Tensor(offset, rows, columns, stride);
    }

    /// <summary>The memory of a window from <see cref="Take"/>, seen as a matrix with fewer columns and its rows closer together.</summary>
    internal static Tensor Reuse(Tensor buffer, int columns) => Reuse(buffer, buffer.RowCount, columns);

    /// <summary>The memory of a window from <see cref="Take"/>, seen as another matrix that needs no more of it.</summary>
    internal static Tensor Reuse(Tensor buffer, int rows, int columns)
    {
        if (ElementsOf(rows, columns) > (long)buffer.RowCount * buffer.Stride)
            throw new ArgumentOutOfRangeException(nameof(columns), $"[{rows}, {columns}] in a buffer {buffer}");
        return new Tensor(buffer.Offset, rows, columns, StrideFor(columns));
    }

    /// <summary>Elements that a window of its own takes, space between rows included.</summary>
    internal static long ElementsOf(int rows, int columns) => checked((long)rows * StrideFor(columns));

    /// <summary>Takes <paramref name="count"/> integers of undefined content.</summary>
    /// <exception cref="WorkspaceCapacityException">The arena is too small.</exception>
    public Indices TakeIndices(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int offset = _indexTop;
        int end = checked(offset + count);
        if (_planning)
            CollectionsMarshal.SetCount(PlannedIndices!, Math.Max(end, PlannedIndices!.Count));
        else if (end > _indices.Length)
            throw new WorkspaceCapacityException("indices", end, _indices.Length);
        _indexTop = end;
        if (end > Peak.Indices)
            Peak = Peak with { Indices = end };
        return new Indices(offset, count);
    }

    /// <summary>Takes the offsets of sequences of one length: 0, length, 2 * length, ...</summary>
    /// <exception cref="WorkspaceCapacityException">The arena is too small.</exception>
    public Ragged TakeRagged(int count, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Indices offsets = TakeIndices(count + 1);
        Span<int> ends = Span(offsets);
        for (int i = 0; i <= count; i++)
            ends[i] = checked(i * length);
        return new Ragged(offsets, count * length, count == 0 ? 0 : length);
    }

    /// <summary>The integers of a window, in host memory, to be written before an operation reads them.</summary>
    public Span<int> Span(Indices indices) =>
        (_planning ? CollectionsMarshal.AsSpan(PlannedIndices) : _indices).Slice(indices.Offset, indices.Count);

    /// <summary>Frees everything that was taken.</summary>
    public void Reset()
    {
        _top = 0;
        _indexTop = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    internal void Release(long top, int indexTop)
    {
        _top = top;
        _indexTop = indexTop;
    }

    /// <summary>Throws unless the window lies inside what has been taken.</summary>
    internal void Check(Tensor tensor, string name)
    {
        if (tensor.Offset < 0 || tensor.RowCount < 0 || tensor.ColumnCount < 0 || tensor.Stride < tensor.ColumnCount || tensor.End > _top)
            throw new ArgumentException($"{name} {tensor} is not a window of this workspace", name);
    }

    /// <summary>Throws unless the window lies inside what has been taken.</summary>
    internal void Check(Indices indices, string name)
    {
        if (indices.Offset < 0 || indices.Count < 0 || indices.Count > _indexTop - indices.Offset)
            throw new ArgumentException($"{name} {indices} is not a window of this workspace", name);
    }

    /// <summary>Frees the memory.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    private static int StrideFor(int columns)
    {
        if (columns <= 8)
            return (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)columns);
        int stride = checked(columns + Granularity - 1) / Granularity * Granularity;
        return stride % AliasingStride == 0 ? stride + Granularity : stride;
    }

    private static long RoundUp(long elements) => checked(elements + Granularity - 1) / Granularity * Granularity;
}
