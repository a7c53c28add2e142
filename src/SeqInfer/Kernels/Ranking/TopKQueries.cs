using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Ranking;

/// <summary>Queries that go over the catalogue together, and their lists; so few that they stay in the cache while the items stream by.</summary>
internal readonly unsafe struct TopKQueries
{
    /// <summary>[Count, depth].</summary>
    public required float* Rows { get; init; }

    /// <summary>Floats from one query to the next.</summary>
    public required nint Stride { get; init; }

    /// <summary>Number of queries.</summary>
    public required int Count { get; init; }

    /// <summary>One list a query.</summary>
    public required TopKList* Lists { get; init; }

    /// <summary>One set a query, or null.</summary>
    public required IdSet* Excluded { get; init; }

    /// <summary>The set of one query, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public IdSet* ExclusionsOf(int query) => Excluded == null ? null : Excluded + query;
}
