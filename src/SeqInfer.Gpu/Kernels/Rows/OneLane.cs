namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>A thread has a row to itself: no shared memory, any group size. The plain form of every row kernel.</summary>
internal struct OneLane : ILanes
{
    public readonly int Count => 1;

    public readonly int Index => 0;

    public readonly void Begin()
    {
    }

    public readonly float Sum(float value) => value;

    public readonly float Max(float value) => value;
}
