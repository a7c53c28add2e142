using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>GRU whose update gate is scaled by the step's attention (Zhou et al. 2019, AUGRU); gates r, u, n.</summary>
internal readonly struct AttentionalUpdateGruCell : ICell
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
        V u = attention * VectorMath.Sigmoid(recurrent.Second + input.Second);
        V n = VectorMath.Tanh(V.Fma(r, recurrent.Third + recurrentBias, input.Third));
        return V.Fma(u, n - h, h);
    }
}
