using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>The end of tiles of queries x a panel of items: adds the items' bias and stores as many scores as there are items.</summary>
internal readonly unsafe struct ScoreEnd<V> : ITileEnd<V>
    where V : unmanaged, ISimd<V>
{
    private readonly float* _bias;
    private readonly float* _output;
    private readonly nint _stride;
    private readonly int _items;

    /// <summary>The end of all tiles of a panel.</summary>
    /// <param name="bias">That of the panel's items.</param>
    /// <param name="output">The scores of the first query from the panel's first item on.</param>
    /// <param name="stride">Floats from one query's scores to the next one's.</param>
    /// <param name="items">Items of the panel.</param>
    public ScoreEnd(float* bias, float* output, nint stride, int items)
    {
        _bias = bias;
        _output = output;
        _stride = stride;
        _items = items;
    }

    public static bool ReadsAhead => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadAhead Ahead(int first) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Bias(int vector) => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum) =>
        (sum + V.Load(_bias)).StorePartial(_output + ((first + row) * _stride), Math.Min(_items, V.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum0, V sum1)
    {
        float* scores = _output + ((first + row) * _stride);
        sum0 += V.Load(_bias);
        sum1 += V.Load(_bias + V.Width);
        if (_items == Panel<V>.Width)
        {
            sum0.Store(scores);
            sum1.Store(scores + V.Width);
        }
        else
        {
            StorePart(scores, sum0, sum1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(int first, int rows)
    {
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StorePart(float* scores, V sum0, V sum1)
    {
        sum0.StorePartial(scores, Math.Min(_items, V.Width));
        if (_items > V.Width) sum1.StorePartial(scores + V.Width, _items - V.Width);
    }
}
