using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Embedding;

/// <summary>Rows of bfloat16.</summary>
internal readonly unsafe struct Bf16Rows : IRowFormat<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(ushort* p)
        where V : unmanaged, ISimd<V> =>
        V.LoadBf16(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadPartial<V>(ushort* p, int count)
        where V : unmanaged, ISimd<V> =>
        V.LoadBf16Partial(p, count);
}
