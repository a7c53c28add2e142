using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Weights rounded to bfloat16, the upper half of fp32; arithmetic in fp32.</summary>
/// <remarks>
/// A 32-bit lane holds two columns, Width apart: the one of an even vector in its lower half, which a shift turns into fp32, the one of the odd vector
/// behind it in its upper half, which a mask does. A last vector without a partner lies side by side.
/// </remarks>
internal readonly unsafe struct BFloat16Storage : IWeightStorage
{
    private const int UpperHalf = unchecked((int)0xFFFF0000);

    public static int StepDepth => 1;

    public static bool IsInteger => false;

    /// <summary>To nearest, ties to even; a NaN stays one.</summary>
    public static float Round(Span<float> unit)
    {
        foreach (ref float value in unit)
            value = Round(value);
        return 1;
    }

    /// <inheritdoc cref="Round(Span{float})"/>
    public static float Round(float value) => BitConverter.UInt32BitsToSingle((uint)BFloat16.Round(value) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowBytes<V>(int vectors)
        where V : unmanaged, ISimd<V> => vectors * V.Width * sizeof(ushort);

    public static void StoreRow<V>(ReadOnlySpan<float> values, byte* row)
        where V : unmanaged, ISimd<V>
    {
        ushort* target = (ushort*)row;
        int column = 0;
        for (; column < values.Length - V.Width; column += 2 * V.Width)
        {
            for (int lane = 0; lane < V.Width; lane++)
            {
                *target++ = Upper(values[column + lane]);
                *target++ = Upper(values[column + V.Width + lane]);
            }
        }

        for (; column < values.Length; column++)
            *target++ = Upper(values[column]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(byte* row, int vector, int vectors)
        where V : unmanaged, ISimd<V>
    {
        if (vector == vectors - 1 && vectors % 2 == 1)
            return V.LoadBf16((ushort*)row + (vector * V.Width));
        V pair = V.Load((float*)row + (vector / 2 * V.Width));
        return vector % 2 == 0 ? V.ShiftLeftInt32(pair, 16) : pair & V.BroadcastInt32(UpperHalf);
    }

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

    private static ushort Upper(float value) => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
}
