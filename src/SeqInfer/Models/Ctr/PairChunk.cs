using SeqInfer.Tensors;

namespace SeqInfer.Models.Ctr;

/// <summary>Some targets, each with all events of its user's history.</summary>
/// <param name="FirstTarget">The first of them; the others follow it.</param>
/// <param name="TargetCount">How many.</param>
/// <param name="Targets">For each pair its target, counted from the first of all.</param>
/// <param name="Events">For each pair its event.</param>
/// <param name="Sequences">Which pairs belong to which of these targets.</param>
internal readonly record struct PairChunk(int FirstTarget, int TargetCount, Indices Targets, Indices Events, Ragged Sequences)
{
    /// <summary>How many pairs there are.</summary>
    public int Count => Targets.Count;
}
