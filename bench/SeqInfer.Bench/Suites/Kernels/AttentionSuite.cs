using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using Tensor = SeqInfer.Tensors.Tensor;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>Causal attention of one sequence: SASRec's 2 heads of 32 over 50 events, its 4 heads of 64 over 200, and BERT's 12 over 128.</summary>
[Covers(nameof(Devices.Device.Attention))]
public class AttentionSuite : OperationSuite
{
    private Tensor _query;
    private Tensor _key;
    private Tensor _value;
    private Tensor _y;
    private AttentionSpec _spec;
    private int _headSize;
    private int _length;
    private float[] _q = [];
    private float[] _k = [];
    private float[] _v = [];
    private float[] _scores = [];
    private float[] _output = [];

    /// <summary>Heads x head size x events.</summary>
    [Params("2x32x50", "4x64x200", "12x64x128")]
    public string Shape { get; set; } = "";

    /// <summary>Makes the input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = [.. Shape.Split('x').Select(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
        int hidden = sizes[0] * sizes[1];
        (_headSize, _length) = (sizes[1], sizes[2]);
        Ragged sequences = Sequences(1, _length);
        _spec = new AttentionSpec(sequences, sequences, sizes[0], 1 / MathF.Sqrt(_headSize), Causal: true);
        _query = Take(_length, hidden);
        _key = Take(_length, hidden);
        _value = Take(_length, hidden);
        _y = Take(_length, hidden);
        _q = Random(_length * hidden);
        _k = Random(_length * hidden);
        _v = Random(_length * hidden);
        _output = new float[_length * hidden];
        _scores = new float[_length];
    }

    /// <summary>Composed of System.Numerics.Tensors, query by query.</summary>
    [Benchmark(Baseline = true)]
    public void Primitives()
    {
        int hidden = _spec.HeadCount * _headSize;
        for (int head = 0; head < _spec.HeadCount; head++)
        {
            for (int query = 0; query < _length; query++)
            {
                ReadOnlySpan<float> q = _q.AsSpan((query * hidden) + (head * _headSize), _headSize);
                Span<float> scores = _scores.AsSpan(0, query + 1);
                for (int key = 0; key <= query; key++)
                    scores[key] = _spec.Scale * TensorPrimitives.Dot(q, _k.AsSpan((key * hidden) + (head * _headSize), _headSize));
                TensorPrimitives.SoftMax(scores, scores);
                Span<float> y = _output.AsSpan((query * hidden) + (head * _headSize), _headSize);
                y.Clear();
                for (int key = 0; key <= query; key++)
                    TensorPrimitives.MultiplyAdd(_v.AsSpan((key * hidden) + (head * _headSize), _headSize), scores[key], y, y);
            }
        }
    }

    /// <summary>The operation.</summary>
    [Benchmark]
    public void Attention() => Device.Attention(Arena, _query, _key, _value, _spec, _y);
}
