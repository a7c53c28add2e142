namespace SeqInfer.Kernels.Gemm;

/// <summary>Memory that a kernel asks for on its way through a panel.</summary>
/// <param name="address">Where it starts.</param>
/// <param name="step">How many floats of it for each row of the panel, at most 32.</param>
internal readonly unsafe struct ReadAhead(float* address, int step)
{
    public float* Address { get; } = address;

    public nint Step { get; } = step;
}
