using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>One row x 1, 2 or 4 panels of one vector of units: a value of x is loaded once for all of them.</summary>
/// <remarks>The order of summation is that of <see cref="NarrowKernel{V, TStorage}"/>.</remarks>
internal static unsafe class NarrowRowKernel<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    /// <summary>Computes one row.</summary>
    /// <param name="x">The row.</param>
    /// <param name="panel">The first panel.</param>
    /// <param name="panelBytes">Bytes from one panel to the next.</param>
    /// <param name="steps">How many rows the panel has.</param>
    /// <param name="end">Receives the sums: those of panel p as if they were row p, and gives their bias as that of vector p.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Run<TPanels, TEnd>(float* x, byte* panel, nint panelBytes, int steps, in TEnd end)
        where TPanels : struct, ICount
        where TEnd : struct, ITileEnd<V>
    {
        int rowBytes = TStorage.RowBytes<V>(1);
        V c00 = end.Bias(0), c01 = V.Zero, c02 = V.Zero, c03 = V.Zero;
        V c10 = TPanels.Value > 1 ? end.Bias(1) : default, c11 = V.Zero, c12 = V.Zero, c13 = V.Zero;
        V c20 = TPanels.Value == 4 ? end.Bias(2) : default, c21 = V.Zero, c22 = V.Zero, c23 = V.Zero;
        V c30 = TPanels.Value == 4 ? end.Bias(3) : default, c31 = V.Zero, c32 = V.Zero, c33 = V.Zero;
        byte* panel3 = panel + (3 * panelBytes);
        for (; steps >= 4; steps -= 4)
        {
            V a;
            a = V.Broadcast(x);
            TStorage.AddProduct(ref c00, a, TStorage.Load<V>(panel, 0, 1));
            if (TPanels.Value > 1) TStorage.AddProduct(ref c10, a, TStorage.Load<V>(panel + panelBytes, 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c20, a, TStorage.Load<V>(panel + (2 * panelBytes), 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c30, a, TStorage.Load<V>(panel3, 0, 1));
            a = V.Broadcast(x + 1);
            TStorage.AddProduct(ref c01, a, TStorage.Load<V>(panel + rowBytes, 0, 1));
            if (TPanels.Value > 1) TStorage.AddProduct(ref c11, a, TStorage.Load<V>(panel + panelBytes + rowBytes, 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c21, a, TStorage.Load<V>(panel + (2 * panelBytes) + rowBytes, 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c31, a, TStorage.Load<V>(panel3 + rowBytes, 0, 1));
            a = V.Broadcast(x + 2);
            TStorage.AddProduct(ref c02, a, TStorage.Load<V>(panel + (2 * rowBytes), 0, 1));
            if (TPanels.Value > 1) TStorage.AddProduct(ref c12, a, TStorage.Load<V>(panel + panelBytes + (2 * rowBytes), 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c22, a, TStorage.Load<V>(panel + (2 * panelBytes) + (2 * rowBytes), 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c32, a, TStorage.Load<V>(panel3 + (2 * rowBytes), 0, 1));
            a = V.Broadcast(x + 3);
            TStorage.AddProduct(ref c03, a, TStorage.Load<V>(panel + (3 * rowBytes), 0, 1));
            if (TPanels.Value > 1) TStorage.AddProduct(ref c13, a, TStorage.Load<V>(panel + panelBytes + (3 * rowBytes), 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c23, a, TStorage.Load<V>(panel + (2 * panelBytes) + (3 * rowBytes), 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c33, a, TStorage.Load<V>(panel3 + (3 * rowBytes), 0, 1));
            x += 4;
            panel += 4 * rowBytes;
            if (TPanels.Value == 4) panel3 += 4 * rowBytes;
        }

        if (steps > 0)
        {
            V a;
            a = V.Broadcast(x);
            TStorage.AddProduct(ref c00, a, TStorage.Load<V>(panel, 0, 1));
            if (TPanels.Value > 1) TStorage.AddProduct(ref c10, a, TStorage.Load<V>(panel + panelBytes, 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c20, a, TStorage.Load<V>(panel + (2 * panelBytes), 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c30, a, TStorage.Load<V>(panel3, 0, 1));
        }

        if (steps > 1)
        {
            V a;
            a = V.Broadcast(x + 1);
            TStorage.AddProduct(ref c01, a, TStorage.Load<V>(panel + rowBytes, 0, 1));
            if (TPanels.Value > 1) TStorage.AddProduct(ref c11, a, TStorage.Load<V>(panel + panelBytes + rowBytes, 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c21, a, TStorage.Load<V>(panel + (2 * panelBytes) + rowBytes, 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c31, a, TStorage.Load<V>(panel3 + rowBytes, 0, 1));
        }

        if (steps > 2)
        {
            V a;
            a = V.Broadcast(x + 2);
            TStorage.AddProduct(ref c02, a, TStorage.Load<V>(panel + (2 * rowBytes), 0, 1));
            if (TPanels.Value > 1) TStorage.AddProduct(ref c12, a, TStorage.Load<V>(panel + panelBytes + (2 * rowBytes), 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c22, a, TStorage.Load<V>(panel + (2 * panelBytes) + (2 * rowBytes), 0, 1));
            if (TPanels.Value == 4) TStorage.AddProduct(ref c32, a, TStorage.Load<V>(panel3 + (2 * rowBytes), 0, 1));
        }

        end.Finish(0, 0, TStorage.Sum(c00, c01, c02, c03));
        if (TPanels.Value > 1) end.Finish(0, 1, TStorage.Sum(c10, c11, c12, c13));
        if (TPanels.Value == 4) end.Finish(0, 2, TStorage.Sum(c20, c21, c22, c23));
        if (TPanels.Value == 4) end.Finish(0, 3, TStorage.Sum(c30, c31, c32, c33));
        end.Complete(0, TPanels.Value);
    }
}
