using ILGPU;

namespace SeqInfer.Gpu.Kernels.Ranking;

/// <summary>
/// A score and an id as one number: a larger key ranks before a smaller one. Scores in their order as unsigned integers above, the
/// complement of the id below, so that of equal scores the lower id wins and no two keys are equal. 0 stands for no item.
/// </summary>
internal static class RankKey
{
    public const ulong None = 0;

    private const uint SignBit = 0x80000000;

    public static ulong Of(float score, int id)
    {
        if (float.IsNaN(score))
            return None;
        uint bits = Interop.FloatAsInt(score);

        // Minus zero and zero are equal scores
        if (bits == SignBit)
            bits = 0;
        uint ordered = (bits & SignBit) != 0 ? ~bits : bits | SignBit;
        return ((ulong)ordered << 32) | ~(uint)id;
    }
}
