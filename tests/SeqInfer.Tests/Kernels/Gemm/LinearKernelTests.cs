using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Kernels.Gemm;

/// <summary>Matrix products of every width against double precision, in guard pages, and their independence of the batch.</summary>
public sealed unsafe class LinearKernelTests
{
    // Every tile height of every width once alone and once after a full tile, and several blocks of rows.
    private static readonly int[] Heights = [.. Enumerable.Range(0, 31), 63, 64, 65, 113, 130];

    // Around the widths of panels and vectors of every instruction set, and where dot products take over.
    private static readonly int[] Widths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 50, 64, 65, 100, 127, 128, 129, 300];

    private static readonly int[] Depths = [0, 1, 2, 3, 15, 16, 17, 50, 64, 65, 127, 300];

    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Every_height_and_width_matches_double_precision(Isa isa)
    {
        foreach (int rows in Heights) Compare(isa, new LinearCase(rows, units: 37, depth: 19, hasBias: true, hasResidual: false, rows), default(Identity), v => v);
        foreach (int units in Widths)
        {
            foreach (int rows in new[] { 1, 2, 3, 15 })
            {
                foreach (int depth in new[] { 21, 133 })
                    Compare(isa, new LinearCase(rows, units, depth, hasBias: rows != 2, hasResidual: rows == 3, units), default(Relu), v => Math.Max(v, 0));
            }
        }

        foreach (int depth in Depths) Compare(isa, new LinearCase(5, units: 33, depth, hasBias: true, hasResidual: true, depth), default(Tanh), Math.Tanh);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Random_shapes_match_double_precision(Isa isa)
    {
        Random random = new(20);
        for (int i = 0; i < 60; i++)
        {
            int rows = random.Next(3) == 0 ? random.Next(4) : random.Next(150);
            LinearCase layer = new(rows, random.Next(150), random.Next(200), random.Next(2) == 0, random.Next(2) == 0, i);
            if (i % 3 == 0)
                Compare(isa, layer, default(Identity), v => v);
            else if (i % 3 == 1)
                Compare(isa, layer, default(Relu), v => Math.Max(v, 0));
            else
                Compare(isa, layer, default(Sigmoid), v => 1 / (1 + Math.Exp(-v)));
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Deep_products_match_double_precision(Isa isa)
    {
        Compare(isa, new LinearCase(17, units: 40, depth: 1500, hasBias: true, hasResidual: false, 1), default(Identity), v => v);
        Compare(isa, new LinearCase(1, units: 1, depth: 1499, hasBias: true, hasResidual: true, 2), default(Identity), v => v);

        // So deep that a block of rows has its least height, and more than one block.
        Compare(isa, new LinearCase(115, units: 3, depth: 6000, hasBias: false, hasResidual: false, 3), default(Identity), v => v);
        Compare(isa, new LinearCase(115, units: 5, depth: 6000, hasBias: false, hasResidual: false, 4), default(Identity), v => v);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void A_row_has_the_same_bits_alone_and_in_every_batch(Isa isa)
    {
        const int batch = 45;
        foreach (int units in new[] { 1, 2, 4, 16, 20, 32, 64, 65, 129 })
        {
            foreach (int depth in new[] { 7, 64, 513 })
            {
                LinearCase layer = new(batch, units, depth, hasBias: true, hasResidual: units % 2 == 0, units + depth);
                Check(layer, default(Identity));
                Check(layer, default(Relu));
                Check(layer, default(Gelu));
            }
        }

        void Check<TOp>(LinearCase layer, TOp op)
            where TOp : struct, IUnaryOp
        {
            using LinearUnderTest packed = layer.Pack(isa);
            float[] all = layer.Run(packed, op, 0, batch, gap: 3, atEnd: true);
            for (int first = 0, count = 1; first + count <= batch; first += count, count++)
            {
                float[] part = layer.Run(packed, op, first, count, gap: first % 2, atEnd: false);
                Tolerance.Exact.Check(all.AsSpan(first * layer.Units, part.Length), part, $"{layer}, {typeof(TOp).Name}, {count} rows from {first}");
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Wide_panels_sum_in_the_order_of_k_whatever_the_width(Isa isa) =>
        CheckOrder(isa, units: 160, depth: 130, (layer, row, unit) => layer.Chain(row, unit));

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Panels_of_narrow_layers_have_four_sums_whatever_the_width(Isa isa)
    {
        foreach (int depth in new[] { 1, 2, 3, 4, 77 })
        {
            CheckOrder(isa, units: 150, depth, (layer, row, unit) => layer.FourChains(row, unit));
            CheckOrder(isa, units: 7, depth, (layer, row, unit) => layer.FourChains(row, unit));
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Relu_keeps_nan_and_the_other_rows(Isa isa)
    {
        foreach (int units in new[] { 1, 40, 64 })
        {
            LinearCase layer = new(5, units, depth: 9, hasBias: true, hasResidual: false, seed: 3);
            layer.X[(2 * 9) + 4] = float.NaN;
            layer.X[(3 * 9) + 1] = float.PositiveInfinity;
            using LinearUnderTest packed = layer.Pack(isa);
            float[] y = layer.Run(packed, default(Relu), 0, 5, gap: 0, atEnd: true);
            for (int i = 0; i < y.Length; i++)
            {
                int row = i / units;
                Assert.Equal(row == 2, float.IsNaN(y[i]));
                if (row == 3) Assert.True(y[i] == 0 || float.IsPositiveInfinity(y[i]), $"{y[i]} of an infinite input");
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Products_allocate_nothing(Isa isa)
    {
        using LinearUnderTest wide = new LinearCase(1, 50, 30, hasBias: true, hasResidual: false, 1).Pack(isa);
        using LinearUnderTest head = new LinearCase(1, 1, 30, hasBias: true, hasResidual: false, 2).Pack(isa);
        float[] x = new float[20 * 30];
        float[] y = new float[20 * 50];
        fixed (float* from = x, to = y)
        {
            RunAll(from, to);
            (nint source, nint target) = ((nint)from, (nint)to);
            Assert.Equal(0, Allocation.Of(() => RunAll((float*)source, (float*)target)));
        }

        void RunAll(float* from, float* to)
        {
            foreach (int rows in (ReadOnlySpan<int>)[1, 2, 20])
            {
                wide.Run(from, 30, rows, new LinearOutput(to, 50), default(Identity));
                wide.Run(from, 30, rows, new LinearOutput(to, 50, null, to, 50), default(Gelu));
                head.Run(from, 30, rows, new LinearOutput(to, 1), default(Sigmoid));
            }
        }
    }

    private static void CheckOrder(Isa isa, int units, int depth, Func<LinearCase, int, int, float> expected)
    {
        foreach (int rows in new[] { 1, 2, 3, 6, 14, 20 })
        {
            LinearCase layer = new(rows, units, depth, hasBias: true, hasResidual: false, rows);
            using LinearUnderTest packed = layer.Pack(isa);
            Assert.False(packed.IsDotProduct);
            float[] all = [.. Enumerable.Range(0, rows * units).Select(i => expected(layer, i / units, i % units))];
            Tolerance.Exact.Check(all, layer.Run(packed, default(Identity), 0, rows, gap: 0, atEnd: true), layer.ToString());
        }
    }

    private static void Compare<TOp>(Isa isa, LinearCase layer, TOp op, Func<double, double> reference)
        where TOp : struct, IUnaryOp
    {
        using LinearUnderTest packed = layer.Pack(isa);
        (double[] expected, double range) = layer.Reference(reference);
        foreach (bool atEnd in new[] { true, false })
        {
            float[] actual = layer.Run(packed, op, 0, layer.Rows, gap: atEnd ? 0 : 5, atEnd);

            // Products, bias and residual are terms of one sum; the activations' slopes are at most 1, their own errors a few ulps.
            Tolerance.Accumulated(layer.Depth + 2).Check(expected, actual, $"{layer}, {typeof(TOp).Name}", range);
        }
    }
}
