using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Turns a tile's integer sums in scratch into values: what <see cref="Int8Storage"/> leaves to be done.</summary>
internal static unsafe class IntegerSums<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Takes from the odd columns of pairs what surrounds them, and multiplies every sum with the factors of its column and row, in place.</summary>
    /// <param name="sums">[rows, panels * vectors * Width], integers before and floats after.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="panels">Panels beside each other.</param>
    /// <param name="vectors">Vectors of a row of a panel.</param>
    /// <param name="factors">One for each column, of weights.</param>
    /// <param name="x">What belongs to each row of x.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Scale(float* sums, int rows, int panels, int vectors, float* factors, IntegerRow* x)
    {
        for (int row = 0; row < rows; row++)
        {
            V factor = V.Broadcast(x[row].Factor);
            V raised = V.BroadcastInt32(Int8Storage.Offset * x[row].Sum);
            float* column = factors;
            for (int panel = 0; panel < panels; panel++)
            {
                int vector = 0;
                for (; vector < vectors - 1; vector += 2)
                {
                    V even = V.Load(sums);
                    V odd = V.SubtractInt32(V.Load(sums + V.Width), V.AddInt32(V.ShiftLeftInt32(even, Int8Storage.EvenShift), raised));
                    Store(even, column, factor, sums);
                    Store(odd, column + V.Width, factor, sums + V.Width);
                    sums += 2 * V.Width;
                    column += 2 * V.Width;
                }

                if (vector < vectors)
                {
                    Store(V.Load(sums), column, factor, sums);
                    sums += V.Width;
                    column += V.Width;
                }
            }
        }
    }

    // The row's factor is a power of two, so the product of the factors is exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V sum, float* column, V row, float* target) =>
        (V.ConvertInt32ToSingle(sum) * (V.Load(column) * row)).Store(target);
}
