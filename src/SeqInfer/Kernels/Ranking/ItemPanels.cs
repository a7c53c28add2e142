using SeqInfer.Kernels.Panels;

namespace SeqInfer.Kernels.Ranking;

/// <summary>The packed items of a catalogue.</summary>
/// <param name="panels">The items' vectors in the layout of <see cref="Panel{V}"/>; the lanes behind the last item are zeros.</param>
/// <param name="itemCount">Number of items.</param>
/// <param name="depth">Elements of an item's vector.</param>
/// <param name="bias">What is added to each item's score: one value a lane of the panels. -0, which changes no sum, where there is none.</param>
/// <param name="selectionBias">
/// The same for top-K, with NaN at items that must never come back and at lanes behind the last item: NaN passes no comparison, so that
/// excluding them costs nothing.
/// </param>
internal readonly unsafe struct ItemPanels(float* panels, int itemCount, int depth, float* bias, float* selectionBias)
{
    public float* Panels { get; } = panels;

    public int ItemCount { get; } = itemCount;

    public int Depth { get; } = depth;

    public float* Bias { get; } = bias;

    public float* SelectionBias { get; } = selectionBias;
}
