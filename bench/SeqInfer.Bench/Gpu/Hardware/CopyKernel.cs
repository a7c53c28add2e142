using ILGPU;
using SeqInfer.Gpu.Kernels;

namespace SeqInfer.Bench.Gpu.Hardware;

/// <summary>Where from, where to.</summary>
internal readonly struct CopyArgs(ArrayView<Float4> source, ArrayView<Float4> target)
{
    public readonly ArrayView<Float4> Source = source;

    public readonly ArrayView<Float4> Target = target;
}

/// <summary>A copy of 16 bytes a thread at once, neighbouring threads on neighbouring addresses: what memory gives to kernels.</summary>
internal static class CopyKernel
{
    public static void Run(CopyArgs args)
    {
        int step = Grid.DimX * Group.DimX;
        int count = (int)args.Target.Length;
        for (int i = (Grid.IdxX * Group.DimX) + Group.IdxX; i < count; i += step)
            args.Target[i] = args.Source[i];
    }
}
