using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using SeqInfer.Tensors;
using Tensor = SeqInfer.Tensors.Tensor;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>The softmax of each of 64 rows.</summary>
[Covers(nameof(Devices.Device.Softmax))]
public class SoftmaxSuite : OperationSuite
{
    private const int Rows = 64;

    private Tensor _x;
    private Tensor _y;
    private float[] _input = [];
    private float[] _output = [];

    /// <summary>Length of a row.</summary>
    [Params(50, 200, 1000)]
    public int Columns { get; set; }

    /// <summary>Makes the input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _x = Take(Rows, Columns);
        _y = Take(Rows, Columns);
        _input = Random(Rows * Columns);
        _output = new float[Rows * Columns];
    }

    /// <summary>System.Numerics.Tensors, row by row.</summary>
    [Benchmark(Baseline = true)]
    public void Primitives()
    {
        for (int row = 0; row < Rows; row++)
            TensorPrimitives.SoftMax(_input.AsSpan(row * Columns, Columns), _output.AsSpan(row * Columns, Columns));
    }

    /// <summary>The operation.</summary>
    [Benchmark]
    public void Softmax() => Device.Softmax(Arena, _x, _y);
}
