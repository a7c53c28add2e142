namespace SeqInfer;

/// <summary>An item and its score.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Score">The model's score; only its order has a meaning unless the family says otherwise.</param>
public readonly record struct ScoredItem(int Id, float Score);
