using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>Copies a matrix between two strides.</summary>
internal static unsafe class CopyKernel<V>
    where V : unmanaged, ISimd<V>
{
    // From here on a call for each row costs little.
    private const int ManyColumns = 256;

    /// <summary>Copies all rows; strides count floats.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Run(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
    {
        if (sourceStride == columns && targetStride == columns)
        {
            long bytes = (long)rows * columns * sizeof(float);
            Buffer.MemoryCopy(source, target, bytes, bytes);
            return;
        }

        for (; rows > 0; rows--, source += sourceStride, target += targetStride)
        {
            if (columns >= ManyColumns)
            {
                Buffer.MemoryCopy(source, target, (long)columns * sizeof(float), (long)columns * sizeof(float));
                continue;
            }

            int column = 0;
            for (; column <= columns - V.Width; column += V.Width)
                V.Load(source + column).Store(target + column);
            if (column < columns)
                V.LoadPartial(source + column, columns - column).StorePartial(target + column, columns - column);
        }
    }
}
