using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Simd;

/// <summary>Widening loads of a row's tail: the elements go to a zeroed buffer first, so that no load passes the row's end.</summary>
internal static unsafe class PartialCopy
{
    /// <summary>Copies <paramref name="count"/> elements into <paramref name="lanes"/>, clears the rest and returns the buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* Of<T>(T* p, int count, T* lanes, int width)
        where T : unmanaged
    {
        for (int i = 0; i < width; i++) lanes[i] = i < count ? p[i] : default;
        return lanes;
    }
}
