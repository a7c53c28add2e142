using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>GRU whose update gate is the step's attention itself (Zhou et al. 2019, AGRU); gates r, u, n, of which u is not used.</summary>
internal readonly struct AttentionGruCell : ICell
{
    public static int Gates => 3;

    public static bool HasCellState => false;

    public static bool HasAttention => true;

    public static bool IsSecondStage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(Gates<V> recurrent, Gates<V> input, V recurrentBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V>
    {
        V r = VectorMath.Sigmoid(recurrent.First + input.First);
        V n = VectorMath.Tanh(V.Fma(r, recurrent.Third + recurrentBias, input.Third));
        return V.Fma(attention, n - h, h);
    }
}
