namespace SeqInfer.Kernels.Gemm;

/// <summary>A layer of a chain of small ones.</summary>
/// <param name="layer">The layer.</param>
/// <param name="floor">What values are at least: 0 for ReLU, -infinity for no activation.</param>
/// <param name="stride">Floats from one row of its result to the next, where that lies between two layers.</param>
internal readonly struct SmallLink(SmallLayer layer, float floor, nint stride)
{
    // A field, so that it is handed on without a copy
    public readonly SmallLayer Layer = layer;

    public float Floor { get; } = floor;

    public nint Stride { get; } = stride;
}
