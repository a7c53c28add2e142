using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>Second stage after <see cref="ResetFirstGates"/>: n from the product with r * h; h' = (1 - z) * n + z * h, where z is in c.</summary>
internal readonly struct ResetFirstCandidate : ICell
{
    public static int Gates => 1;

    public static bool HasCellState => true;

    public static bool HasAttention => false;

    public static bool IsSecondStage => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(Gates<V> recurrent, Gates<V> input, V recurrentBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V>
    {
        V n = VectorMath.Tanh(recurrent.First + input.First);
        return V.Fma(c, h, (V.Broadcast(1f) - c) * n);
    }
}
