using System.Numerics;
using SeqInfer.Gpu.Kernels.Graph;

namespace SeqInfer.Gpu.Devices;

/// <summary>
/// The nodes of a graph by degree: the heavy ones first, then bucket after bucket of those whose degrees have as many bits, larger ones before smaller
/// ones; in a bucket as they stand, so that neighbouring nodes stay neighbours.
/// </summary>
internal static class DegreeOrder
{
    private const int BucketCount = 33;

    /// <summary>The nodes in order, and how many of them are heavy.</summary>
    /// <param name="offsets">One more than there are nodes.</param>
    public static (int[] Nodes, int HeavyCount) Of(ReadOnlySpan<int> offsets)
    {
        int[] nodes = new int[offsets.Length - 1];
        Span<int> places = stackalloc int[BucketCount];
        places.Clear();
        for (int i = 0; i < nodes.Length; i++)
            places[BucketOf(offsets, i)]++;
        int heavyCount = places[0];
        int place = 0;
        for (int bucket = 0; bucket < BucketCount; bucket++)
            (places[bucket], place) = (place, place + places[bucket]);
        for (int i = 0; i < nodes.Length; i++)
            nodes[places[BucketOf(offsets, i)]++] = i;
        return (nodes, heavyCount);
    }

    private static int BucketOf(ReadOnlySpan<int> offsets, int node)
    {
        int degree = offsets[node + 1] - offsets[node];
        return degree > EdgeBlocks.HeavyDegree ? 0 : BitOperations.LeadingZeroCount((uint)degree);
    }
}
