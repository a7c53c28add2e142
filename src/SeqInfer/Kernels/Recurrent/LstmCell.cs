using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997) as torch.nn.LSTM has it; gates i, f, g, o.</summary>
internal readonly struct LstmCell : ICell
{
    public static int Gates => 4;

    public static bool HasCellState => true;

    public static bool HasAttention => false;

    public static bool IsSecondStage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(Gates<V> recurrent, Gates<V> input, V recurrentBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V>
    {
        V i = VectorMath.Sigmoid(recurrent.First + input.First);
        V f = VectorMath.Sigmoid(recurrent.Second + input.Second);
        V g = VectorMath.Tanh(recurrent.Third + input.Third);
        V o = VectorMath.Sigmoid(recurrent.Fourth + input.Fourth);
        c = V.Fma(f, c, i * g);
        return o * VectorMath.Tanh(c);
    }
}
