using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>The plain cell (Elman 1990) as torch.nn.RNN has it: one activation of the sum.</summary>
internal readonly struct RnnCell<TOp> : ICell
    where TOp : struct, IUnaryOp
{
    public static int Gates => 1;

    public static bool HasCellState => false;

    public static bool HasAttention => false;

    public static bool IsSecondStage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(Gates<V> recurrent, Gates<V> input, V recurrentBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V> => default(TOp).Apply(recurrent.First + input.First);
}
