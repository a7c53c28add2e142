using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>
/// The items of a catalogue: in panels, or row after row where a first pass chooses the few items that are scored. Rows become panels in
/// scratch when all items are scored, so that the scores are the same, bit for bit.
/// </summary>
internal readonly unsafe struct ItemVectors
{
    /// <summary>Number of items.</summary>
    public required int ItemCount { get; init; }

    /// <summary>Elements of an item's vector.</summary>
    public required int Depth { get; init; }

    /// <summary>The vectors in the layout of <see cref="Panel{V}"/>, zeros behind the last item; or null.</summary>
    public required float* Panels { get; init; }

    /// <summary>The vectors one after the other; used where there are no panels.</summary>
    public required float* Rows { get; init; }

    /// <summary>What is added to each item's score: one value a lane of the panels. -0, which changes no sum, where there is none.</summary>
    public required float* Bias { get; init; }

    /// <summary>
    /// The same for top-K, with NaN at items that must never come back and at lanes behind the last item: NaN passes no comparison, so that
    /// excluding them costs nothing.
    /// </summary>
    public required float* SelectionBias { get; init; }

    /// <summary>Floats of scratch that <see cref="OnePanel{V}"/> needs.</summary>
    public static long ScratchFor<V>(int depth)
        where V : unmanaged, ISimd<V> => (long)Panel<V>.Width * depth;

    /// <summary>One panel, where it lies or made in scratch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* OnePanel<V>(int panel, float* scratch)
        where V : unmanaged, ISimd<V>
    {
        if (Panels != null) return Panels + (panel * (nint)Panel<V>.Width * Depth);
        MakePanel<V>(panel, scratch);
        return scratch;
    }

    /// <summary>The first element of an item and the distance to the next one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Item<V>(int id, out nint step)
        where V : unmanaged, ISimd<V>
    {
        if (Panels == null)
        {
            step = 1;
            return Rows + ((nint)id * Depth);
        }

        step = Panel<V>.Width;
        return Panels + ((nint)(id / Panel<V>.Width) * Panel<V>.Width * Depth) + (id % Panel<V>.Width);
    }

    private void MakePanel<V>(int panel, float* target)
        where V : unmanaged, ISimd<V>
    {
        int first = panel * Panel<V>.Width;
        float* rows = Rows + ((nint)first * Depth);
        Transpose<V>.Rows(rows, Depth, Math.Min(V.Width, ItemCount - first), Depth, target, Panel<V>.Width);
        int left = Math.Clamp(ItemCount - first - V.Width, 0, V.Width);
        Transpose<V>.Rows(rows + ((nint)V.Width * Depth), Depth, left, Depth, target + V.Width, Panel<V>.Width);
    }
}
