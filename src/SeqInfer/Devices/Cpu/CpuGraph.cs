using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

/// <summary>Compressed sparse rows in native memory.</summary>
internal sealed unsafe class CpuGraph : Graph
{
    private readonly AlignedBuffer<int> _offsets;
    private readonly AlignedBuffer<int> _columns;
    private readonly AlignedBuffer<float>? _weights;

    public CpuGraph(CpuDevice device, ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights)
        : base(device, offsets.Length - 1, columnCount, columns.Length, !weights.IsEmpty)
    {
        _offsets = new AlignedBuffer<int>(offsets.Length);
        offsets.CopyTo(_offsets.Span);
        _columns = new AlignedBuffer<int>(columns.Length);
        columns.CopyTo(_columns.Span);
        if (!weights.IsEmpty)
        {
            _weights = new AlignedBuffer<float>(weights.Length);
            for (int i = 0; i < weights.Length; i++)
                _weights.Span[i] = (float)weights[i];
        }

        for (int i = 1; i < offsets.Length; i++)
            LongestList = Math.Max(LongestList, offsets[i] - offsets[i - 1]);
    }

    public override long ByteCount => _offsets.ByteCount + _columns.ByteCount + (_weights?.ByteCount ?? 0);

    public int* Offsets => _offsets.Pointer;

    public int* Columns => _columns.Pointer;

    public float* Weights => _weights is null ? null : _weights.Pointer;

    /// <summary>Edges of the node that has most.</summary>
    public int LongestList { get; }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _offsets.Dispose();
        _columns.Dispose();
        _weights?.Dispose();
    }
}
