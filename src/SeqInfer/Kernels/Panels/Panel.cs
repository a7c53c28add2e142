using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Panels;

/// <summary>
/// The panel layout: the columns of up to 2 * Width vectors side by side, so that a kernel's lanes run over the vectors.
/// Element k of vector v of panel p stands at <c>(p * depth + k) * 2 * Width + v</c>.
/// </summary>
internal static class Panel<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Vectors in a panel.</summary>
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * V.Width;
    }

    /// <summary>Panels that hold <paramref name="vectors"/> vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountFor(int vectors) => (int)(((long)vectors + Width - 1) / Width);

    /// <summary>Floats of the panels that hold <paramref name="vectors"/> vectors of <paramref name="depth"/> elements.</summary>
    public static long SizeFor(int vectors, int depth) => checked((long)CountFor(vectors) * Width * depth);
}
