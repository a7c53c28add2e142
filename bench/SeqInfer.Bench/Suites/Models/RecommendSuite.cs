using BenchmarkDotNet.Attributes;
using SeqInfer.Bench.Models;

namespace SeqInfer.Bench.Suites.Models;

/// <summary>The one-line calls of a service: a user's history in, ranked items out; workspaces come from the model's pool.</summary>
public class RecommendSuite
{
    private const int K = 10;

    private readonly ScoredItem[] _top = new ScoredItem[K];
    private int[] _history = [];
    private SequenceModel? _model;

    /// <summary>Events of the history.</summary>
    [Params(5, 50)]
    public int Events { get; set; }

    /// <summary>Makes a SASRec over 12 101 items.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _model = Zoo.SasRec("sas64", 64, 2, 2, 50).Create();
        _history = [.. Enumerable.Range(1, Events).Select(i => i * 37)];
    }

    /// <summary>Frees it.</summary>
    [GlobalCleanup]
    public void Cleanup() => _model?.Dispose();

    /// <summary>A new array every time.</summary>
    [Benchmark(Baseline = true)]
    public ScoredItem[] NewArray() => _model!.Recommend(_history, K);

    /// <summary>Into an array of the caller's.</summary>
    [Benchmark]
    public int OwnArray() => _model!.Recommend(_history, _top);
}
