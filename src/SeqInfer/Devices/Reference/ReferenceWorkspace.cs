using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

/// <summary>An arena of doubles.</summary>
internal sealed class ReferenceWorkspace : Workspace
{
    private double[]? _arena;

    public ReferenceWorkspace(WorkspaceSize size)
        : base(size, planning: false)
    {
        if (size.Elements > Array.MaxLength)
            throw new DeviceException("reference", $"a workspace of {size.Elements} elements, an array holds {Array.MaxLength} at most");
        _arena = new double[size.Elements];
    }

    public override long ByteCount => _arena is null ? 0 : (8 * Capacity.Elements) + (4L * Capacity.Indices);

    /// <summary>A window that has been checked, as a matrix.</summary>
    public Matrix Matrix(Tensor window)
    {
        ObjectDisposedException.ThrowIf(_arena is null, this);
        return new Matrix(_arena, window);
    }

    protected override void Dispose(bool disposing) => _arena = null;
}
