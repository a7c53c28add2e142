using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>Operations that read rows and write rows, over 3200 rows of 64 (64 histories of 50 events): a copy of as many bytes is the least they cost.</summary>
[Covers(
    nameof(Devices.Device.Combine),
    nameof(Devices.Device.CombineRows),
    nameof(Devices.Device.EmbedBag),
    nameof(Devices.Device.FactorizationMachine),
    nameof(Devices.Device.Flatten),
    nameof(Devices.Device.GatherRows),
    nameof(Devices.Device.NormalizeL2),
    nameof(Devices.Device.PRelu),
    nameof(Devices.Device.RowDot),
    nameof(Devices.Device.ScaleRows),
    nameof(Devices.Device.ScaleShift),
    nameof(Devices.Device.SegmentSoftmax),
    nameof(Devices.Device.Squash))]
public class RowOperationSuite : OperationSuite
{
    private const int Count = 64;
    private const int Length = 50;
    private const int Rows = Count * Length;
    private const int Columns = 64;
    private const int Items = 12_101;

    private float[] _source = [];
    private float[] _target = [];
    private Action _run = () => { };

    /// <summary>Names of the operations.</summary>
    public static IEnumerable<string> Names =>
        ((CoversAttribute)Attribute.GetCustomAttribute(typeof(RowOperationSuite), typeof(CoversAttribute))!).Operations;

    /// <summary>Which operation.</summary>
    [ParamsSource(nameof(Names))]
    public string Operation { get; set; } = "";

    /// <summary>Makes the input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _source = Random(Rows * Columns);
        _target = new float[Rows * Columns];
        _run = Create();
    }

    /// <summary>Copies the rows.</summary>
    [Benchmark(Baseline = true)]
    public void Copy() => _source.CopyTo(_target, 0);

    /// <summary>The operation.</summary>
    [Benchmark]
    public void Run() => _run();

    private Action Create()
    {
        Device device = Device;
        Workspace arena = Arena;
        Tensor x = Take(Rows, Columns);
        Tensor y = Take(Rows, Columns);
        Tensor z = Take(Rows, Columns);
        Tensor column = Take(Rows, 1);
        Ragged sequences = Sequences(Count, Length);
        Tensors.Indices rows = Ids(Rows, Rows);
        VectorWeights slope = device.CreateVector(Parameter(1, Columns));
        return Operation switch
        {
            nameof(Devices.Device.Combine) => () => device.Combine(arena, x, y, BinaryOperation.Multiply, z),
            nameof(Devices.Device.CombineRows) => () => device.CombineRows(arena, x, rows, y, rows, BinaryOperation.Multiply, z),
            nameof(Devices.Device.EmbedBag) => CreateEmbedBag(sequences),
            nameof(Devices.Device.FactorizationMachine) => () => device.FactorizationMachine(arena, x, 4, column),
            nameof(Devices.Device.Flatten) => CreateFlatten(x),
            nameof(Devices.Device.GatherRows) => () => device.GatherRows(arena, x, rows, z),
            nameof(Devices.Device.NormalizeL2) => () => device.NormalizeL2(arena, x, z),
            nameof(Devices.Device.PRelu) => () => device.PRelu(arena, x, slope, z),
            nameof(Devices.Device.RowDot) => () => device.RowDot(arena, x, y, column),
            nameof(Devices.Device.ScaleRows) => () => device.ScaleRows(arena, x, column, z),
            nameof(Devices.Device.ScaleShift) => () => device.ScaleShift(arena, x, slope, slope, z),
            nameof(Devices.Device.SegmentSoftmax) => () => device.SegmentSoftmax(arena, x, sequences, z),
            nameof(Devices.Device.Squash) => () => device.Squash(arena, x, 1e-9f, z),
            _ => throw new InvalidOperationException($"no operation '{Operation}'"),
        };
    }

    private Action CreateEmbedBag(Ragged sequences)
    {
        Table table = Device.CreateTable(Parameter(Items, Columns));
        Tensors.Indices ids = Ids(Rows, Items);
        Tensor pooled = Take(Count, Columns);
        return () => Device.EmbedBag(Arena, ids, sequences, table, pooled);
    }

    private Action CreateFlatten(Tensor x)
    {
        Tensor flat = Take(Count, Length * Columns);
        return () => Device.Flatten(Arena, x, Length, FlattenOrder.ChannelsFirst, flat);
    }
}
