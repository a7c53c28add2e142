namespace SeqInfer.Features;

/// <summary>Something a user did with an item.</summary>
/// <param name="User">Id of the user.</param>
/// <param name="Item">Id of the item.</param>
/// <param name="Timestamp">When, in any unit that grows with time.</param>
/// <param name="Rating">How much the user liked it; 1 where nobody asked.</param>
public readonly record struct InteractionEvent(int User, int Item, long Timestamp, float Rating = 1);
