using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using Tensor = SeqInfer.Tensors.Tensor;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>y = relu(x W^T + b).</summary>
[Covers(nameof(Devices.Device.Linear))]
public class LinearSuite : OperationSuite
{
    private Tensor _x;
    private Tensor _y;
    private LinearWeights? _weights;
    private float[] _input = [];
    private float[] _matrix = [];
    private float[] _bias = [];
    private float[] _output = [];

    /// <summary>Rows of the input.</summary>
    [Params(1, 8, 64, 512)]
    public int Rows { get; set; }

    /// <summary>Inputs x outputs: the layers of mlp, sas64, wide and BERT.</summary>
    [Params("64x128", "64x64", "1024x512", "768x3072")]
    public string Shape { get; set; } = "";

    /// <summary>Makes weights and input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = [.. Shape.Split('x').Select(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
        _weights = Device.CreateLinear(Parameter(sizes[1], sizes[0]), Parameter(1, sizes[1]));
        _x = Take(Rows, sizes[0]);
        _y = Take(Rows, sizes[1]);
        _input = Random(Rows * sizes[0]);
        _matrix = Random(sizes[0] * sizes[1]);
        _bias = Random(sizes[1]);
        _output = new float[Rows * sizes[1]];
    }

    /// <summary>One vectorised inner product an output.</summary>
    [Benchmark(Baseline = true)]
    public void Dot()
    {
        int columns = _input.Length / Rows;
        for (int row = 0, i = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> x = _input.AsSpan(row * columns, columns);
            for (int output = 0; output < _bias.Length; output++)
                _output[i++] = Math.Max(0, TensorPrimitives.Dot(x, _matrix.AsSpan(output * columns, columns)) + _bias[output]);
        }
    }

    /// <summary>The operation.</summary>
    [Benchmark]
    public void Linear() => Device.Linear(Arena, _x, _weights!, _y, ActivationKind.Relu);
}
