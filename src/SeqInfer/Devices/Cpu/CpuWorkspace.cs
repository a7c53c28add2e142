using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

/// <summary>An arena of floats.</summary>
internal sealed unsafe class CpuWorkspace : Workspace
{
    private readonly AlignedBuffer<float> _buffer;

    public CpuWorkspace(WorkspaceSize size)
        : base(size, planning: false) => _buffer = new AlignedBuffer<float>(size.Elements);

    public override long ByteCount => _buffer.ByteCount + (4L * Capacity.Indices);

    /// <summary>The first element of a window that has been checked.</summary>
    public float* Pointer(Tensor tensor) => _buffer.Pointer + tensor.Offset;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _buffer.Dispose();
    }
}
