using ILGPU;
using SeqInfer.Gpu.Kernels.Elementwise;
using SeqInfer.Gpu.Kernels.Gemm;

namespace SeqInfer.Gpu.Kernels.Ranking;

/// <summary>The score of one candidate of one query; -1 scores minus infinity. The sum has the order of the linear layer's.</summary>
internal readonly struct CandidateBody<TTerm>(
    Window queries, Sequences sequences, ArrayView<int> candidates, int size, PackedWeights items, Window output) : IElementBody
    where TTerm : struct, ITerm
{
    private readonly Window _queries = queries;
    private readonly Sequences _sequences = sequences;
    private readonly ArrayView<int> _candidates = candidates;
    private readonly int _size = size;
    private readonly PackedWeights _items = items;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int id = _candidates[row];
        if (id < 0)
        {
            _output.Store(row, column, float.NegativeInfinity);
            return;
        }

        int query = _sequences.Of(row);
        float total = 0;
        for (int first = 0; first < _size; first += LinearBody<TTerm>.Block)
        {
            int end = IntrinsicMath.Min(first + LinearBody<TTerm>.Block, _size);
            float sum = 0;
            for (int k = first; k < end; k++)
                sum = default(TTerm).Add(sum, _queries[query, k], _items[k, id]);
            total += sum;
        }

        _output.Store(row, column, total + _items.Bias[id]);
    }
}
