using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Attention;

/// <summary>Keys in the layout of <see cref="Panel{V}"/>, so that a score kernel's lanes run over keys.</summary>
internal static unsafe class KeyPanels<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Packs the rows of a head. The lanes behind the last key become zeros as far as a half panel goes.</summary>
    /// <param name="keys">The first key.</param>
    /// <param name="stride">Elements between two keys.</param>
    /// <param name="count">Number of keys.</param>
    /// <param name="headSize">Elements of a key.</param>
    /// <param name="panels">Room for <see cref="Panel{V}.SizeFor"/>(count, headSize) floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* keys, nint stride, int count, int headSize, float* panels)
    {
        for (int first = 0; first < count; first += V.Width)
        {
            int panel = first / Panel<V>.Width;
            float* target = panels + ((nint)panel * Panel<V>.Width * headSize) + (first % Panel<V>.Width);
            Transpose<V>.Rows(keys + (first * stride), stride, Math.Min(V.Width, count - first), headSize, target, Panel<V>.Width);
        }
    }
}
