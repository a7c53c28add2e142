using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using SeqInfer.Bench.Models;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using Tensor = SeqInfer.Tensors.Tensor;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>Messages over a power-law graph of 10 000 nodes and 160 000 edges.</summary>
[Covers(nameof(Devices.Device.Aggregate), nameof(Devices.Device.AggregateLinear), nameof(Devices.Device.GraphAttention))]
public class GraphSuite : OperationSuite
{
    private const int Nodes = 10_000;
    private const int Degree = 16;
    private const int Heads = 4;

    private Tensor _x;
    private Tensor _y;
    private Tensor _target;
    private Tensor _source;
    private Adjacency _weighted;
    private Adjacency _plain;
    private LinearWeights? _layer;
    private int[] _offsets = [];
    private int[] _sources = [];
    private float[] _weights = [];
    private float[] _input = [];
    private float[] _output = [];

    /// <summary>Columns of a node.</summary>
    [Params(64, 128)]
    public int Columns { get; set; }

    /// <summary>Makes graph and input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        (_offsets, _sources) = PowerLawGraph.Rows(Nodes, Degree);
        _weights = Random(_sources.Length);
        _weighted = new Adjacency(Device.CreateGraph(_offsets, _sources, Nodes, Array.ConvertAll(_weights, weight => (double)weight)));
        _plain = new Adjacency(Device.CreateGraph(_offsets, _sources, Nodes));
        _layer = Device.CreateLinear(Parameter(Columns, Columns), Parameter(1, Columns));
        _x = Take(Nodes, Columns);
        _y = Take(Nodes, Columns);
        _target = Take(Nodes, Heads);
        _source = Take(Nodes, Heads);
        _input = Random(Nodes * Columns);
        _output = new float[Nodes * Columns];
    }

    /// <summary>The weighted sum, with System.Numerics.Tensors, edge by edge.</summary>
    [Benchmark(Baseline = true)]
    public void Primitives()
    {
        for (int node = 0; node < Nodes; node++)
        {
            Span<float> y = _output.AsSpan(node * Columns, Columns);
            y.Clear();
            for (int edge = _offsets[node]; edge < _offsets[node + 1]; edge++)
                TensorPrimitives.MultiplyAdd(_input.AsSpan(_sources[edge] * Columns, Columns), _weights[edge], y, y);
        }
    }

    /// <summary>The weighted sum.</summary>
    [Benchmark]
    public void Sum() => Device.Aggregate(Arena, _x, _weighted, AggregateKind.Sum, _y);

    /// <summary>The weighted sum and a linear layer over it.</summary>
    [Benchmark]
    public void Convolution() =>
        Device.AggregateLinear(Arena, new NodeRows(_x), _weighted, AggregateKind.Sum, _layer!, _y, ActivationKind.Relu);

    /// <summary>The largest of each column.</summary>
    [Benchmark]
    public void Largest() => Device.Aggregate(Arena, _x, _plain, AggregateKind.Max, _y);

    /// <summary>The sum with attention.</summary>
    [Benchmark]
    public void Attention() => Device.GraphAttention(Arena, _x, _target, _source, _plain, 0.2f, _y);
}
