using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Ranking;

/// <summary>Stack memory for the scores of a tile: fourteen rows by a panel, aligned to a cache line.</summary>
[InlineArray(MaxFloats + Alignment)]
internal struct ScoreTile
{
    private const int MaxFloats = 14 * 2 * 16;
    private const int Alignment = 16;

    private float _first;

    /// <summary>The first aligned float. The struct must be a local of the caller's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe float* Align(ScoreTile* tile) => (float*)(((nuint)tile + 63) & ~(nuint)63);
}
