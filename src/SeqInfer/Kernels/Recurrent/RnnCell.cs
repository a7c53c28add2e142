using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>The plain cell (Elman 1990) as torch.nn.RNN has it: one activation of the sum.</summary>
internal readonly struct RnnCell<TOp> : ICell
    where TOp : struct, IUnaryOp
{
    public static int Gates => 1;

    public static bool HasCandidateApart => false;

    public static bool HasCellState => false;

    public static bool HasAttention => false;

    public static bool IsSecondStage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Activate<V>(int gate, V x)
        where V : unmanaged, ISimd<V> =>
        default(TOp).Apply(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(Gates<V> gates, V candidate, V candidateBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V> => gates.First;
}
