using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Ranking;

/// <summary>
/// A scored item as one integer that sorts as a ranking does: the larger key is the better item. The score's bits, mapped to an
/// ascending signed integer, are the high half; the complement of the id is the low half, so that of equal scores the lower id wins.
/// </summary>
internal static class TopKKey
{
    /// <summary>The key of a score that is not NaN. Both zeros give the same key, that of +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Of(float score, int id)
    {
        int bits = BitConverter.SingleToInt32Bits(score + 0f);
        return ((long)Ascending(bits) << 32) | (uint)~id;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(long key) => BitConverter.Int32BitsToSingle(Ascending((int)(key >> 32)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Id(long key) => ~(int)key;

    // Its own inverse: negative floats ascend while their magnitude bits descend
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Ascending(int bits) => bits ^ ((bits >> 31) & int.MaxValue);
}
