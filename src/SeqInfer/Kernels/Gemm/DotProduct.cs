using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>y = activation(x W^T + bias) + residual where W has so few rows that a panel would be mostly empty: lanes run over k.</summary>
/// <remarks>
/// Vector v of a row is summed into accumulator v mod 4; then the accumulators are added, then their lanes. The order depends on the depth
/// alone; that of integers does not matter.
/// </remarks>
internal static unsafe class DotProduct<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    /// <summary>The most units for which this beats a panel.</summary>
    public static int MaxUnits => Math.Max(V.Width / 4, 1);

    /// <summary>Computes all elements.</summary>
    /// <param name="x">[rows, steps], read in place.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="weights">W, of at most <see cref="MaxUnits"/> rows.</param>
    /// <param name="output">The result, apart from x.</param>
    /// <param name="op">The activation.</param>
    [SkipLocalsInit]
    [MethodImpl(Kernel.Compiled)]
    public static void Run<TOp>(float* x, nint xStride, int rows, PackedRows<V, TStorage> weights, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        // Sums are finished in whole vectors, which may reach past the last one.
        float* scratch = stackalloc float[ScratchTile<V>.Length + V.Width];
        int units = weights.Units;
        int blockRows = ScratchTile<V>.Length / Math.Max(units, 1);

        // A result of one column without gaps is finished as one row.
        bool isVector = units == 1 && output.YStride == 1 && (output.Residual == null || output.ResidualStride == 1);
        for (int first = 0; first < rows; first += blockRows)
        {
            int count = Math.Min(blockRows, rows - first);
            for (int i = 0; i < count; i++)
            {
                for (int unit = 0; unit < units; unit++)
                {
                    float sum = Dot(x + ((first + i) * xStride), weights.Row(unit), weights.Steps);
                    if (TStorage.IsInteger) sum *= weights.Factor(unit) * output.Integers[first + i].Factor;
                    scratch[(i * units) + unit] = output.Bias == null ? sum : sum + output.Bias[unit];
                }
            }

            LinearOutput block = output.At(first, 0);
            LinearOutput target = new(block.Y, block.YStride, null, block.Residual, block.ResidualStride);
            if (isVector)
                ScratchTile<V>.Complete(scratch, count, 1, count, in target, op);
            else
                ScratchTile<V>.Complete(scratch, units, count, units, in target, op);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(float* x, byte* w, int steps)
    {
        int rowBytes = TStorage.RowBytes<V>(1);
        V c0 = V.Zero, c1 = V.Zero, c2 = V.Zero, c3 = V.Zero;
        for (; steps >= 4 * V.Width; steps -= 4 * V.Width)
        {
            c0 = TStorage.MultiplyAdd(V.Load(x), TStorage.Load<V>(w, 0, 1), c0);
            c1 = TStorage.MultiplyAdd(V.Load(x + V.Width), TStorage.Load<V>(w + rowBytes, 0, 1), c1);
            c2 = TStorage.MultiplyAdd(V.Load(x + (2 * V.Width)), TStorage.Load<V>(w + (2 * rowBytes), 0, 1), c2);
            c3 = TStorage.MultiplyAdd(V.Load(x + (3 * V.Width)), TStorage.Load<V>(w + (3 * rowBytes), 0, 1), c3);
            x += 4 * V.Width;
            w += 4 * rowBytes;
        }

        if (steps > 0)
        {
            c0 = TStorage.MultiplyAdd(Load(x, steps), TStorage.Load<V>(w, 0, 1), c0);
            if (steps > V.Width) c1 = TStorage.MultiplyAdd(Load(x + V.Width, steps - V.Width), TStorage.Load<V>(w + rowBytes, 0, 1), c1);
            if (steps > 2 * V.Width) c2 = TStorage.MultiplyAdd(Load(x + (2 * V.Width), steps - (2 * V.Width)), TStorage.Load<V>(w + (2 * rowBytes), 0, 1), c2);
            if (steps > 3 * V.Width) c3 = TStorage.MultiplyAdd(Load(x + (3 * V.Width), steps - (3 * V.Width)), TStorage.Load<V>(w + (3 * rowBytes), 0, 1), c3);
        }

        return TStorage.IsInteger
            ? V.SumInt32(V.AddInt32(V.AddInt32(c0, c1), V.AddInt32(c2, c3)))
            : V.Sum((c0 + c1) + (c2 + c3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(float* x, int left) => left >= V.Width ? V.Load(x) : V.LoadPartial(x, left);
}
