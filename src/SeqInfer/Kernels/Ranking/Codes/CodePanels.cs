using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>
/// Where the codes of a catalogue lie. A panel has as many items as one of <see cref="Panel{V}"/>; four codes of an item stand in the lane
/// of a float: byte j of lane v of row g of panel p, <c>((p * GroupCount + g) * 2 * Width + v) * 4 + j</c>, is element 4 g + j of item v.
/// </summary>
internal readonly unsafe struct CodePanels
{
    /// <summary>The codes, 64 added to each, read as floats of four.</summary>
    public required float* Codes { get; init; }

    /// <summary>Rows of a panel: a quarter of the depth, rounded up to an even number.</summary>
    public required int GroupCount { get; init; }

    /// <summary>What is added to an item's scaled product, one value a lane of the panels; NaN where an item never comes back.</summary>
    public required float* Bias { get; init; }

    /// <summary>One a panel.</summary>
    public required PanelBound* Bounds { get; init; }
}

/// <summary>What holds for all items of a panel.</summary>
internal struct PanelBound
{
    /// <summary>The step between two codes.</summary>
    public float Scale;

    /// <summary>No item's distance from its codes times the step is larger.</summary>
    public float Residual;

    /// <summary>No item's norm is larger. It and the others are infinite in a panel whose items cannot be coded.</summary>
    public float Norm;

    /// <summary>What the bound grows by whatever the query.</summary>
    public float Constant;
}
