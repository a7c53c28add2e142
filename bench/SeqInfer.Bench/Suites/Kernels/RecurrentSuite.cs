using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using Tensor = SeqInfer.Tensors.Tensor;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>One recurrent layer, input 64, hidden 128, 50 events.</summary>
[Covers(nameof(Devices.Device.Recurrent))]
public class RecurrentSuite : OperationSuite
{
    private const int InputSize = 64;
    private const int HiddenSize = 128;
    private const int Length = 50;

    private Tensor _x;
    private Tensor _final;
    private Ragged _sequences;
    private RecurrentWeights? _weights;
    private int _gates;
    private float[] _input = [];
    private float[] _weightIh = [];
    private float[] _weightHh = [];
    private float[] _activations = [];
    private float[] _hidden = [];

    /// <summary>Which cell.</summary>
    [Params(RecurrentCell.Lstm, RecurrentCell.Gru, RecurrentCell.RnnTanh)]
    public RecurrentCell Cell { get; set; }

    /// <summary>Sequences of a request.</summary>
    [Params(1, 64)]
    public int Batch { get; set; }

    /// <summary>Makes weights and input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var spec = new RecurrentSpec(Cell, InputSize, HiddenSize);
        _gates = spec.GateCount * HiddenSize;
        _weights = Device.CreateRecurrent(spec, Parameter(_gates, InputSize), Parameter(_gates, HiddenSize), Parameter(1, _gates), Parameter(1, _gates));
        _sequences = Sequences(Batch, Length);
        _x = Take(Batch * Length, InputSize);
        _final = Take(Batch, HiddenSize);
        _input = Random(Batch * Length * InputSize);
        _weightIh = Random(_gates * InputSize);
        _weightHh = Random(_gates * HiddenSize);
        _activations = new float[_gates];
        _hidden = new float[HiddenSize];
    }

    /// <summary>The products, with System.Numerics.Tensors: one inner product a gate and step, and a single tanh.</summary>
    [Benchmark(Baseline = true)]
    public void Dot()
    {
        for (int row = 0; row < Batch * Length; row++)
        {
            ReadOnlySpan<float> x = _input.AsSpan(row * InputSize, InputSize);
            for (int gate = 0; gate < _gates; gate++)
            {
                _activations[gate] = TensorPrimitives.Dot(x, _weightIh.AsSpan(gate * InputSize, InputSize))
                    + TensorPrimitives.Dot(_hidden, _weightHh.AsSpan(gate * HiddenSize, HiddenSize));
            }

            _activations.AsSpan(0, HiddenSize).CopyTo(_hidden);
            TensorPrimitives.Tanh(_hidden, _hidden);
        }
    }

    /// <summary>The operation.</summary>
    [Benchmark]
    public void Recurrent() => Device.Recurrent(Arena, _x, _weights!, _sequences, default, null, new RecurrentState(_final));
}
