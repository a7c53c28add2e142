using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>Cutting rows into tiles of nearly equal height: nine rows are 5 + 4, not 8 + 1.</summary>
internal static class Tiling
{
    /// <summary>The height of the next tile.</summary>
    /// <param name="left">Rows that are left, at least 1.</param>
    /// <param name="most">Rows of the tallest tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NextOf(int left, int most)
    {
        if (left <= most) return left;
        int tiles = CountOf(left, most);
        return (left + tiles - 1) / tiles;
    }

    /// <summary>How many tiles there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountOf(int rows, int most) => (rows + most - 1) / most;
}
