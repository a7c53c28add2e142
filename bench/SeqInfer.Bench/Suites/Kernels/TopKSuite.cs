using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using Tensor = SeqInfer.Tensors.Tensor;

namespace SeqInfer.Bench.Suites.Kernels;

/// <summary>The 10 best of 100 000 items x 64.</summary>
[Covers(nameof(Devices.Device.TopK))]
public class TopKSuite : OperationSuite
{
    private const int Items = 100_000;
    private const int Columns = 64;
    private const int K = 10;

    private Tensor _queries;
    private Tensor _scores;
    private Tensors.Indices _ids;
    private Catalogue? _catalogue;
    private float[] _query = [];
    private float[] _items = [];
    private readonly PriorityQueue<int, float> _best = new(K + 1);

    /// <summary>Queries of a request.</summary>
    [Params(1, 32)]
    public int Queries { get; set; }

    /// <summary>Makes catalogue and queries.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _catalogue = Device.CreateCatalogue(Parameter(Items, Columns), null, new CatalogueOptions());
        _queries = Take(Queries, Columns);
        _scores = Take(Queries, K);
        _ids = Ids(Queries * K, Items);
        _query = Random(Queries * Columns);
        _items = Random(Items * Columns);
    }

    /// <summary>A vectorised inner product an item and a heap of the best.</summary>
    [Benchmark(Baseline = true)]
    public void DotAndHeap()
    {
        for (int query = 0; query < Queries; query++)
        {
            _best.Clear();
            ReadOnlySpan<float> q = _query.AsSpan(query * Columns, Columns);
            for (int item = 0; item < Items; item++)
            {
                float score = TensorPrimitives.Dot(q, _items.AsSpan(item * Columns, Columns));
                if (_best.Count < K)
                    _best.Enqueue(item, score);
                else
                    _best.EnqueueDequeue(item, score);
            }
        }
    }

    /// <summary>The operation.</summary>
    [Benchmark]
    public void TopK() => Device.TopK(Arena, _queries, _catalogue!, K, default, null, _ids, _scores);
}
