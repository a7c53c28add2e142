using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Ranking;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels.Ranking;

/// <summary>Packed items against guard pages, laid out element by element as <see cref="Panel{V}"/> describes it.</summary>
internal sealed unsafe class GuardedCatalogue<V> : IDisposable
    where V : unmanaged, ISimd<V>
{
    private readonly GuardedMemory<float> _panels;
    private readonly GuardedMemory<float> _bias;
    private readonly GuardedMemory<float> _selectionBias;
    private readonly RankingCase _ranking;

    public GuardedCatalogue(RankingCase ranking)
    {
        _ranking = ranking;
        int lanes = Panel<V>.CountFor(ranking.ItemCount) * Panel<V>.Width;
        _panels = GuardedMemory<float>.AtEnd(lanes * ranking.Depth);
        _bias = GuardedMemory<float>.AtEnd(lanes);
        _selectionBias = GuardedMemory<float>.AtEnd(lanes);
        for (int id = 0; id < lanes; id++)
        {
            bool exists = id < ranking.ItemCount;
            _bias.Span[id] = exists && ranking.Bias is not null ? ranking.Bias[id] : -0f;
            _selectionBias.Span[id] = exists && !ranking.ExcludedIds.Contains(id) ? _bias.Span[id] : float.NaN;
            for (int k = 0; exists && k < ranking.Depth; k++)
            {
                int panel = id / Panel<V>.Width;
                _panels.Span[(((panel * ranking.Depth) + k) * Panel<V>.Width) + (id % Panel<V>.Width)] = ranking.Items[(id * ranking.Depth) + k];
            }
        }
    }

    public ItemPanels Panels => new(_panels.Pointer, _ranking.ItemCount, _ranking.Depth, _bias.Pointer, _selectionBias.Pointer);

    public void Dispose()
    {
        _panels.Dispose();
        _bias.Dispose();
        _selectionBias.Dispose();
    }
}
