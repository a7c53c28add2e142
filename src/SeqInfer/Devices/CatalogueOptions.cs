using System.Collections.Immutable;

namespace SeqInfer.Devices;

/// <summary>How top-K finds the few items of a large catalogue whose scores matter. Whatever it is, the results are the same, bit for bit.</summary>
public enum CatalogueFirstPass
{
    /// <summary>It scores all items.</summary>
    None,

    /// <summary>
    /// It goes over the items in 8 bits an element first, and scores those that a bound on the rounding cannot rule out: fast for the best few
    /// of many thousands. The memory of the item vectors grows by a quarter. Scores of all items take longer, because the vectors stand in
    /// rows then, and so does top-K where scores lie too close to each other for 8 bits, or for a large part of the catalogue.
    /// </summary>
    Int8,
}

/// <summary>How a catalogue scores its items.</summary>
public sealed record CatalogueOptions
{
    /// <summary>What the score of an item is.</summary>
    public Similarity Similarity { get; init; }

    /// <summary>Ids that top-K never returns, such as the padding row. Scores of all items still list them.</summary>
    public ImmutableArray<int> ExcludedIds { get; init; } = [];

    /// <summary>The first pass of top-K; null: what <see cref="Device.CatalogueFirstPass"/> says. Devices without one ignore it.</summary>
    public CatalogueFirstPass? FirstPass { get; init; }
}
