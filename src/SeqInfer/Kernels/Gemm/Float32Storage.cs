using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Weights as they are computed with.</summary>
internal readonly unsafe struct Float32Storage : IWeightStorage
{
    public static int StepDepth => 1;

    public static bool IsInteger => false;

    public static float Round(Span<float> unit) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowBytes<V>(int vectors)
        where V : unmanaged, ISimd<V> => vectors * V.Width * sizeof(float);

    public static void StoreRow<V>(ReadOnlySpan<float> values, byte* row)
        where V : unmanaged, ISimd<V> => values.CopyTo(new Span<float>(row, values.Length));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(byte* row, int vector, int vectors)
        where V : unmanaged, ISimd<V> => V.Load((float*)row + (vector * V.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MultiplyAdd<V>(V x, V w, V sum)
        where V : unmanaged, ISimd<V> => V.Fma(x, w, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct<V>(ref V sum, V x, V w)
        where V : unmanaged, ISimd<V> => V.AddProduct(ref sum, x, w);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct<V>(ref V sum, float* x, V w)
        where V : unmanaged, ISimd<V> => V.AddProduct(ref sum, x, w);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sum<V>(V a, V b, V c, V d)
        where V : unmanaged, ISimd<V> => (a + b) + (c + d);
}
