using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>
/// Vectors as they are computed with, where the place of a product x w is taken by -(x - w)^2: sums are minus squared Euclidean distances. Taken
/// from the difference itself, because 2 x w - x^2 - w^2 loses all digits for neighbours, which are what a ranking is about.
/// </summary>
internal readonly unsafe struct DistanceStorage : IWeightStorage
{
    public static int StepDepth => Float32Storage.StepDepth;

    public static bool IsInteger => Float32Storage.IsInteger;

    public static float Round(Span<float> unit) => Float32Storage.Round(unit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowBytes<V>(int vectors)
        where V : unmanaged, ISimd<V> => Float32Storage.RowBytes<V>(vectors);

    public static void StoreRow<V>(ReadOnlySpan<float> values, byte* row)
        where V : unmanaged, ISimd<V> => Float32Storage.StoreRow<V>(values, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(byte* row, int vector, int vectors)
        where V : unmanaged, ISimd<V> => Float32Storage.Load<V>(row, vector, vectors);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MultiplyAdd<V>(V x, V w, V sum)
        where V : unmanaged, ISimd<V>
    {
        V difference = x - w;
        return V.Fnma(difference, difference, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct<V>(ref V sum, V x, V w)
        where V : unmanaged, ISimd<V> => sum = MultiplyAdd(x, w, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct<V>(ref V sum, float* x, V w)
        where V : unmanaged, ISimd<V> => sum = MultiplyAdd(V.Broadcast(x), w, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sum<V>(V a, V b, V c, V d)
        where V : unmanaged, ISimd<V> => Float32Storage.Sum(a, b, c, d);
}
