namespace SeqInfer.Ranking;

/// <summary>Where an item stands among others that have exactly its score.</summary>
public enum TieRule
{
    /// <summary>Before all of them: only strictly higher scores count against it. What most published evaluations compute.</summary>
    Best,

    /// <summary>Behind all of them. A model that gives every item one score then gets the last rank, not the first.</summary>
    Worst,

    /// <summary>In the order of ids, lower first: the place that top-K gives it.</summary>
    LowerIdFirst,
}
