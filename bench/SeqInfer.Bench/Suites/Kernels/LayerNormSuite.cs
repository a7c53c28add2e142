using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using Tensor = SeqInfer.Tensors.Tensor;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>LayerNorm(x + residual) of 128 rows.</summary>
[Covers(nameof(Devices.Device.LayerNorm))]
public class LayerNormSuite : OperationSuite
{
    private const int Rows = 128;

    private Tensor _x;
    private Tensor _residual;
    private Tensor _y;
    private LayerNormWeights? _weights;
    private float[] _input = [];
    private float[] _added = [];
    private float[] _gamma = [];
    private float[] _beta = [];
    private float[] _output = [];

    /// <summary>Length of a row.</summary>
    [Params(64, 256, 768)]
    public int Columns { get; set; }

    /// <summary>Makes weights and input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _weights = Device.CreateLayerNorm(Parameter(1, Columns), Parameter(1, Columns), 1e-5);
        _x = Take(Rows, Columns);
        _residual = Take(Rows, Columns);
        _y = Take(Rows, Columns);
        _input = Random(Rows * Columns);
        _added = Random(Rows * Columns);
        _gamma = Random(Columns);
        _beta = Random(Columns);
        _output = new float[Rows * Columns];
    }

    /// <summary>Composed of System.Numerics.Tensors.</summary>
    [Benchmark(Baseline = true)]
    public void Primitives()
    {
        for (int row = 0; row < Rows; row++)
        {
            Span<float> y = _output.AsSpan(row * Columns, Columns);
            TensorPrimitives.Add(_input.AsSpan(row * Columns, Columns), _added.AsSpan(row * Columns, Columns), y);
            TensorPrimitives.Subtract(y, TensorPrimitives.Sum<float>(y) / Columns, y);
            float deviation = MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(y) / Columns) + 1e-5f);
            TensorPrimitives.Divide(y, deviation, y);
            TensorPrimitives.MultiplyAdd(y, _gamma, _beta, y);
        }
    }

    /// <summary>The operation.</summary>
    [Benchmark]
    public void LayerNorm() => Device.LayerNorm(Arena, _x, _weights!, _y, _residual);
}
