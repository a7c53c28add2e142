using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using Tensor = SeqInfer.Tensors.Tensor;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>Element-wise functions over 64 rows of 768.</summary>
[Covers(nameof(Devices.Device.Apply))]
public class ActivationSuite : OperationSuite
{
    private const int Rows = 64;
    private const int Columns = 768;

    private Tensor _x;
    private Tensor _y;
    private float[] _input = [];
    private float[] _output = [];

    /// <summary>Which function.</summary>
    [Params(ActivationKind.Sigmoid, ActivationKind.Tanh, ActivationKind.Gelu, ActivationKind.Silu, ActivationKind.Relu)]
    public ActivationKind Function { get; set; }

    /// <summary>Makes the input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _x = Take(Rows, Columns);
        _y = Take(Rows, Columns);
        _input = Random(Rows * Columns);
        _output = new float[Rows * Columns];
    }

    /// <summary>System.Numerics.Tensors; of GELU the dearest part alone, a tanh.</summary>
    [Benchmark(Baseline = true)]
    public void Primitives()
    {
        switch (Function)
        {
            case ActivationKind.Sigmoid:
                TensorPrimitives.Sigmoid(_input, _output);
                break;
            case ActivationKind.Silu:
                TensorPrimitives.Sigmoid(_input, _output);
                TensorPrimitives.Multiply(_input, _output, _output);
                break;
            case ActivationKind.Relu:
                TensorPrimitives.Max(_input, 0f, _output);
                break;
            default:
                TensorPrimitives.Tanh(_input, _output);
                break;
        }
    }

    /// <summary>The operation.</summary>
    [Benchmark]
    public void Apply() => Device.Apply(Arena, _x, Function, _y);
}
