using SeqInfer.Devices;

namespace SeqInfer.Bench.Profiling;

internal sealed class TimedTable(Device device, Table inner) : Table(device, inner.RowCount, inner.ColumnCount)
{
    public Table Inner { get; } = inner;

    public override long ByteCount => Inner.ByteCount;
}

internal sealed class TimedLinear(Device device, LinearWeights inner) : LinearWeights(device, inner.InputSize, inner.OutputSize)
{
    public LinearWeights Inner { get; } = inner;

    public override long ByteCount => Inner.ByteCount;
}

internal sealed class TimedVector(Device device, VectorWeights inner) : VectorWeights(device, inner.Length)
{
    public VectorWeights Inner { get; } = inner;

    public override long ByteCount => Inner.ByteCount;
}

internal sealed class TimedLayerNorm(Device device, LayerNormWeights inner) : LayerNormWeights(device, inner.Size, inner.Epsilon, inner.Kind)
{
    public LayerNormWeights Inner { get; } = inner;

    public override long ByteCount => Inner.ByteCount;
}

internal sealed class TimedRecurrent(Device device, RecurrentWeights inner) : RecurrentWeights(device, inner.Spec)
{
    public RecurrentWeights Inner { get; } = inner;

    public override long ByteCount => Inner.ByteCount;
}

internal sealed class TimedCatalogue(Device device, Catalogue inner) : Catalogue(device, inner.RowCount, inner.ColumnCount, inner.Options)
{
    public Catalogue Inner { get; } = inner;

    public override long ByteCount => Inner.ByteCount;
}

internal sealed class TimedGraph(Device device, Graph inner)
    : Graph(device, inner.RowCount, inner.ColumnCount, inner.EdgeCount, inner.IsWeighted)
{
    public Graph Inner { get; } = inner;

    public override long ByteCount => Inner.ByteCount;
}
