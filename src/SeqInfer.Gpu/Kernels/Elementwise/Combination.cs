using SeqInfer.Devices;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>How two numbers become one.</summary>
internal static class Combination
{
    public static float Of(float x, BinaryOperation operation, float y)
    {
        switch (operation)
        {
            case BinaryOperation.Add:
                return x + y;
            case BinaryOperation.Subtract:
                return x - y;
            case BinaryOperation.Multiply:
                return x * y;
            default:
                return GpuMath.Larger(x, y);
        }
    }
}
