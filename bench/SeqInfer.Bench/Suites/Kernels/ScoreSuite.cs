using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using Tensor = SeqInfer.Tensors.Tensor;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>Scores of a catalogue of 12 101 items x 64: all of them, those of 500 candidates, the best of scores that are there, and the best of lists.</summary>
[Covers(
    nameof(Devices.Device.Score), nameof(Devices.Device.ScoreCandidates), nameof(Devices.Device.SelectTopK), nameof(Devices.Device.MergeTopK))]
public class ScoreSuite : OperationSuite
{
    private const int Items = 12_101;
    private const int Columns = 64;
    private const int Candidates = 500;
    private const int K = 10;
    private const int Lists = 4;

    private Tensor _queries;
    private Tensor _scores;
    private Tensor _candidateScores;
    private Tensor _best;
    private Tensor _listed;
    private Tensors.Indices _candidates;
    private Tensors.Indices _bestIds;
    private Tensors.Indices _listedIds;
    private Ragged _rows;
    private Catalogue? _catalogue;
    private float[] _query = [];
    private float[] _items = [];
    private float[] _output = [];

    /// <summary>Queries of a request.</summary>
    [Params(1, 64)]
    public int Queries { get; set; }

    /// <summary>Makes catalogue and queries.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _catalogue = Device.CreateCatalogue(Parameter(Items, Columns), null, new CatalogueOptions());
        _queries = Take(Queries, Columns);
        _scores = Take(Queries, Items);
        _candidateScores = Take(Queries * Candidates, 1);
        _candidates = Ids(Queries * Candidates, Items);
        _rows = Sequences(Queries, Candidates);
        _best = Take(Queries, K);
        _bestIds = Ids(Queries * K, Items);
        _listed = Take(Queries * Lists, K);
        _listedIds = Ids(Queries * Lists * K, Items);
        _query = Random(Queries * Columns);
        _items = Random(Items * Columns);
        _output = new float[Queries * Items];
    }

    /// <summary>All scores, one vectorised inner product an item.</summary>
    [Benchmark(Baseline = true)]
    public void Dot()
    {
        for (int query = 0, i = 0; query < Queries; query++)
        {
            for (int item = 0; item < Items; item++)
                _output[i++] = TensorPrimitives.Dot(_query.AsSpan(query * Columns, Columns), _items.AsSpan(item * Columns, Columns));
        }
    }

    /// <summary>All scores.</summary>
    [Benchmark]
    public void Score() => Device.Score(Arena, _queries, _catalogue!, _scores);

    /// <summary>The scores of candidates.</summary>
    [Benchmark]
    public void ScoreCandidates() => Device.ScoreCandidates(Arena, _queries, _catalogue!, _candidates, _rows, _candidateScores);

    /// <summary>The best of scores that are there.</summary>
    [Benchmark]
    public void SelectTopK() => Device.SelectTopK(Arena, _scores, K, [], default, null, _bestIds, _best);

    /// <summary>The best of four lists of ten.</summary>
    [Benchmark]
    public void MergeTopK() => Device.MergeTopK(Arena, Lists, _listedIds, _listed, _bestIds, _best);
}
