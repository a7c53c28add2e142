using ILGPU;

namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>
/// 32 neighbouring threads share a row and bring their parts together in shared memory, as a tree: five steps, whose order depends on
/// nothing. Warp shuffles would save the barriers, but OpenCL devices may lack them.
/// </summary>
internal struct SharedLanes : ILanes
{
    public const int Width = 32;

    /// <summary>The most threads a group may have.</summary>
    public const int MaxGroupSize = 256;

    private ArrayView<float> _parts;

    public readonly int Count => Width;

    public readonly int Index => Group.IdxX & (Width - 1);

    public void Begin() => _parts = SharedMemory.Allocate<float>(MaxGroupSize);

    public readonly float Sum(float value)
    {
        Put(value);
        for (int distance = Width / 2; distance > 0; distance >>= 1)
        {
            if (Index < distance)
                _parts[Group.IdxX] += _parts[Group.IdxX + distance];
            GpuGroup.Barrier();
        }

        return Take();
    }

    public readonly float Max(float value)
    {
        Put(value);
        for (int distance = Width / 2; distance > 0; distance >>= 1)
        {
            if (Index < distance)
                _parts[Group.IdxX] = GpuMath.LargerOrNaN(_parts[Group.IdxX], _parts[Group.IdxX + distance]);
            GpuGroup.Barrier();
        }

        return Take();
    }

    private readonly void Put(float value)
    {
        _parts[Group.IdxX] = value;
        GpuGroup.Barrier();
    }

    private readonly float Take()
    {
        float result = _parts[Group.IdxX - Index];
        GpuGroup.Barrier();
        return result;
    }
}
