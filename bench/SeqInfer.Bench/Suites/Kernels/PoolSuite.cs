using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using Tensor = SeqInfer.Tensors.Tensor;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>One row for each of 64 sequences of 50 rows of 64.</summary>
[Covers(nameof(Devices.Device.Pool))]
public class PoolSuite : OperationSuite
{
    private const int Count = 64;
    private const int Length = 50;
    private const int Columns = 64;

    private Tensor _x;
    private Tensor _y;
    private Ragged _sequences;
    private float[] _input = [];
    private float[] _output = [];

    /// <summary>How rows become one.</summary>
    [Params(PoolKind.Mean, PoolKind.Max)]
    public PoolKind Kind { get; set; }

    /// <summary>Makes the input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _sequences = Sequences(Count, Length);
        _x = Take(Count * Length, Columns);
        _y = Take(Count, Columns);
        _input = Random(Count * Length * Columns);
        _output = new float[Count * Columns];
    }

    /// <summary>Composed of System.Numerics.Tensors, row by row.</summary>
    [Benchmark(Baseline = true)]
    public void Primitives()
    {
        for (int sequence = 0; sequence < Count; sequence++)
        {
            Span<float> y = _output.AsSpan(sequence * Columns, Columns);
            _input.AsSpan(sequence * Length * Columns, Columns).CopyTo(y);
            for (int row = 1; row < Length; row++)
            {
                ReadOnlySpan<float> x = _input.AsSpan(((sequence * Length) + row) * Columns, Columns);
                if (Kind == PoolKind.Max)
                    TensorPrimitives.Max(x, y, y);
                else
                    TensorPrimitives.Add(x, y, y);
            }

            if (Kind == PoolKind.Mean)
                TensorPrimitives.Multiply(y, 1f / Length, y);
        }
    }

    /// <summary>The operation.</summary>
    [Benchmark]
    public void Pool() => Device.Pool(Arena, _x, _sequences, Kind, _y);
}
