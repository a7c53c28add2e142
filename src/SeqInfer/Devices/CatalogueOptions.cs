using System.Collections.Immutable;

namespace SeqInfer.Devices;

/// <summary>How a catalogue scores its items.</summary>
public sealed record CatalogueOptions
{
    /// <summary>What the score of an item is.</summary>
    public Similarity Similarity { get; init; }

    /// <summary>Ids that top-K never returns, such as the padding row. Scores of all items still list them.</summary>
    public ImmutableArray<int> ExcludedIds { get; init; } = [];
}
