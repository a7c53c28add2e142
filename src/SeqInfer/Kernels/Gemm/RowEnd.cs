using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>The end of one row without a residual, panels of one vector standing for rows; ReLU or nothing.</summary>
/// <param name="y">The result's first element.</param>
/// <param name="bias">One value a unit, readable up to the end of the last panel.</param>
/// <param name="units">Units from the first panel on.</param>
/// <param name="floor">What values are at least: 0, or -infinity.</param>
internal readonly unsafe struct RowEnd<V>(float* y, float* bias, int units, float floor) : ITileEnd<V>
    where V : unmanaged, ISimd<V>
{
    public static bool ReadsAhead => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadAhead Ahead(int first) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Bias(int vector) => V.Load(bias + (vector * V.Width));

    // Max gives its second argument where one is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum)
    {
        int column = row * V.Width;
        sum = V.Max(V.Broadcast(floor), sum);
        if (column + V.Width <= units) sum.Store(y + column);
        else sum.StorePartial(y + column, units - column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum0, V sum1)
    {
        Finish(first, 2 * row, sum0);
        Finish(first, (2 * row) + 1, sum1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(int first, int rows)
    {
    }
}
