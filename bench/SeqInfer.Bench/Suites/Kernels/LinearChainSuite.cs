using System.Globalization;
using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>Linear layers with ReLU, one over what the other gives.</summary>
[Covers(nameof(Devices.Device.LinearChain))]
public class LinearChainSuite : OperationSuite
{
    private readonly List<LinearStage> _stages = [];
    private readonly List<Tensor> _results = [];
    private LinearChain? _chain;
    private Tensor _x;

    /// <summary>Rows of the input.</summary>
    [Params(1, 8, 64, 512)]
    public int Rows { get; set; }

    /// <summary>Columns of the input and of every layer: the models ae and mlp, a feed-forward network of BERT, wide.</summary>
    [Params("7-64-32-16-8-16-32-64-7", "64-128-64-32-1", "256-1024-256", "1024-512-256-128")]
    public string Sizes { get; set; } = "";

    /// <summary>Makes weights and windows.</summary>
    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = [.. Sizes.Split('-').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        _x = Take(Rows, sizes[0]);
        for (int i = 1; i < sizes.Length; i++)
        {
            _stages.Add(new LinearStage(Device.CreateLinear(Parameter(sizes[i], sizes[i - 1]), Parameter(1, sizes[i])), ActivationKind.Relu));
            _results.Add(Take(Rows, sizes[i]));
        }

        _chain = new LinearChain(_stages);
    }

    /// <summary>One operation a layer.</summary>
    [Benchmark(Baseline = true)]
    public void LayerByLayer()
    {
        Tensor x = _x;
        for (int i = 0; i < _stages.Count; i++)
        {
            Device.Linear(Arena, x, _stages[i].Weights, _results[i], _stages[i].Activation);
            x = _results[i];
        }
    }

    /// <summary>The operation.</summary>
    [Benchmark]
    public void LinearChain() => Device.LinearChain(Arena, _x, _chain!, _results[^1]);
}
