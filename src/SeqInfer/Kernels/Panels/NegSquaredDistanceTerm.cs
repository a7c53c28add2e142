using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Panels;

/// <summary>
/// Minus the squared Euclidean distance: -(q - x)^2. Taken from the difference itself, because 2qx - q^2 - x^2 loses all digits for
/// neighbours, which are what a ranking is about.
/// </summary>
internal readonly struct NegSquaredDistanceTerm : ITerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V query, V item, V sum)
        where V : unmanaged, ISimd<V>
    {
        V difference = query - item;
        return V.Fnma(difference, difference, sum);
    }
}
