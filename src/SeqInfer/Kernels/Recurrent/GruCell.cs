using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>
/// Gated recurrent unit (Cho et al. 2014) as torch.nn.GRU has it; gates r, z, n. The reset gate multiplies the recurrent part of n after its
/// bias was added.
/// </summary>
internal readonly struct GruCell : ICell
{
    public static int Gates => 3;

    public static bool HasCellState => false;

    public static bool HasAttention => false;

    public static bool IsSecondStage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(Gates<V> recurrent, Gates<V> input, V recurrentBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V>
    {
        V r = VectorMath.Sigmoid(recurrent.First + input.First);
        V z = VectorMath.Sigmoid(recurrent.Second + input.Second);
        V n = VectorMath.Tanh(V.Fma(r, recurrent.Third + recurrentBias, input.Third));
        return V.Fma(z, h, (V.Broadcast(1f) - z) * n);
    }
}
