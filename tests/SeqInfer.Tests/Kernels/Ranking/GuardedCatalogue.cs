using SeqInfer.Devices;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Ranking;
using SeqInfer.Kernels.Ranking.Codes;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels.Ranking;

/// <summary>
/// Items against guard pages: packed element by element as <see cref="Panel{V}"/> describes it, or in rows with codes.
/// </summary>
internal sealed unsafe class GuardedCatalogue<V> : IDisposable
    where V : unmanaged, ISimd<V>
{
    private readonly GuardedMemory<float> _vectors;
    private readonly GuardedMemory<float> _bias;
    private readonly GuardedMemory<float> _selectionBias;
    private readonly ItemCodes<V>? _codes;
    private readonly RankingCase _ranking;
    private readonly bool _inRows;

    public GuardedCatalogue(RankingCase ranking, bool inRows = false)
    {
        _ranking = ranking;
        _inRows = inRows;
        int lanes = Panel<V>.CountFor(ranking.ItemCount) * Panel<V>.Width;
        _vectors = inRows ? GuardedMemory<float>.Of(ranking.Items, atEnd: true) : GuardedMemory<float>.AtEnd(lanes * ranking.Depth);
        _bias = GuardedMemory<float>.AtEnd(lanes);
        _selectionBias = GuardedMemory<float>.AtEnd(lanes);
        for (int id = 0; id < lanes; id++)
        {
            bool exists = id < ranking.ItemCount;
            _bias.Span[id] = exists && ranking.Bias is not null ? ranking.Bias[id] : -0f;
            _selectionBias.Span[id] = exists && !ranking.ExcludedIds.Contains(id) ? _bias.Span[id] : float.NaN;
            for (int k = 0; exists && !inRows && k < ranking.Depth; k++)
            {
                int panel = id / Panel<V>.Width;
                _vectors.Span[(((panel * ranking.Depth) + k) * Panel<V>.Width) + (id % Panel<V>.Width)] = ranking.Items[(id * ranking.Depth) + k];
            }
        }

        _codes = inRows ? new ItemCodes<V>(Vectors, ranking.Similarity == Similarity.NegL2Squared) : null;
    }

    public ItemVectors Vectors => new()
    {
        ItemCount = _ranking.ItemCount,
        Depth = _ranking.Depth,
        Panels = _inRows ? null : _vectors.Pointer,
        Rows = _inRows ? _vectors.Pointer : null,
        Bias = _bias.Pointer,
        SelectionBias = _selectionBias.Pointer,
    };

    /// <summary>The codes of items in rows.</summary>
    public CodePanels Codes => _codes!.Panels(_selectionBias.Pointer);

    public void Dispose()
    {
        _vectors.Dispose();
        _bias.Dispose();
        _selectionBias.Dispose();
        _codes?.Dispose();
    }
}
