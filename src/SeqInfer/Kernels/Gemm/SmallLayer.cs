namespace SeqInfer.Kernels.Gemm;

/// <summary>
/// What <see cref="SmallProduct{V, TStorage}"/> needs of a packed layer, as bare memory that is valid as long as the layer: looking it up takes
/// longer than a product of few rows.
/// </summary>
/// <param name="panels">Panels of one vector.</param>
/// <param name="panelBytes">Bytes from one panel to the next.</param>
/// <param name="units">Units of the panels.</param>
/// <param name="pairs">A panel of pairs behind them.</param>
/// <param name="pairUnits">Its units; 0 where there is none.</param>
/// <param name="depth">Columns of x.</param>
/// <param name="bias">One value a unit, readable up to the end of the last panel.</param>
internal readonly unsafe struct SmallLayer(byte* panels, nint panelBytes, int units, byte* pairs, int pairUnits, int depth, float* bias)
{
    public byte* Panels { get; } = panels;

    public nint PanelBytes { get; } = panelBytes;

    public int Units { get; } = units;

    public byte* Pairs { get; } = pairs;

    public int PairUnits { get; } = pairUnits;

    public int Depth { get; } = depth;

    public float* Bias { get; } = bias;
}
