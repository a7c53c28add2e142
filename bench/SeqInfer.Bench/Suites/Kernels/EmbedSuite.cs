using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>64 histories of 50 items out of 12 101, with positions.</summary>
[Covers(nameof(Devices.Device.Embed))]
public class EmbedSuite : OperationSuite
{
    private const int Rows = 64 * 50;
    private const int Items = 12_101;

    private Tensor _y;
    private Tensors.Indices _ids;
    private Tensors.Indices _places;
    private Table? _items;
    private Table? _positions;
    private float[] _table = [];
    private float[] _output = [];

    /// <summary>Length of a row.</summary>
    [Params(64, 256)]
    public int Columns { get; set; }

    /// <summary>Makes tables and ids.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _items = Device.CreateTable(Parameter(Items, Columns));
        _positions = Device.CreateTable(Parameter(50, Columns));
        _ids = Ids(Rows, Items);
        _places = Ids(Rows, 50);
        _y = Take(Rows, Columns);
        _table = Random(Items * Columns);
        _output = new float[Rows * Columns];
    }

    /// <summary>Copies the rows, without positions.</summary>
    [Benchmark(Baseline = true)]
    public void Copy()
    {
        ReadOnlySpan<int> ids = Arena.Span(_ids);
        for (int i = 0; i < ids.Length; i++)
            _table.AsSpan(ids[i] * Columns, Columns).CopyTo(_output.AsSpan(i * Columns));
    }

    /// <summary>The operation.</summary>
    [Benchmark]
    public void Embed() => Device.Embed(Arena, _ids, _items!, _y, 8, _places, _positions!);
}
