using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Embedding;

/// <summary>Rows of fp32.</summary>
internal readonly unsafe struct F32Rows : IRowFormat<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(float* p)
        where V : unmanaged, ISimd<V> =>
        V.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadPartial<V>(float* p, int count)
        where V : unmanaged, ISimd<V> =>
        V.LoadPartial(p, count);
}
