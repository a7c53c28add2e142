using SeqInfer.Devices;
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

    public static TheoryData<Isa, WeightStorage> All => With(Enum.GetValues<WeightStorage>());

    public static TheoryData<Isa, WeightStorage> AllInFloat => With(WeightStorage.Float32, WeightStorage.BFloat16);

    [SkippableTheory, MemberData(nameof(All))]
    public void Every_height_and_width_matches_double_precision(Isa isa, WeightStorage storage)
    {
        foreach (int rows in Heights)
        {
            Compare(isa, new LinearCase(rows, units: 37, depth: 19, hasBias: true, hasResidual: false, rows, storage), default(Identity), v => v);
            Compare(isa, new LinearCase(rows, units: 81, depth: 131, hasBias: true, hasResidual: true, rows, storage), default(Identity), v => v);
        }

        foreach (int units in Widths)
        {
            foreach (int rows in new[] { 1, 2, 3, 15 })
            {
                foreach (int depth in new[] { 21, 133 })
                    Compare(isa, new LinearCase(rows, units, depth, hasBias: rows != 2, hasResidual: rows == 3, units, storage), default(Relu), v => Math.Max(v, 0));
            }
        }

        foreach (int depth in Depths) Compare(isa, new LinearCase(5, units: 33, depth, hasBias: true, hasResidual: true, depth, storage), default(Tanh), Math.Tanh);
    }

    [SkippableTheory, MemberData(nameof(All))]
    public void Random_shapes_match_double_precision(Isa isa, WeightStorage storage)
    {
        Random random = new(20);
        for (int i = 0; i < 60; i++)
        {
            int rows = random.Next(3) == 0 ? random.Next(4) : random.Next(150);
            LinearCase layer = new(rows, random.Next(150), random.Next(200), random.Next(2) == 0, random.Next(2) == 0, i, storage);
            if (i % 3 == 0)
                Compare(isa, layer, default(Identity), v => v);
            else if (i % 3 == 1)
                Compare(isa, layer, default(Relu), v => Math.Max(v, 0));
            else
                Compare(isa, layer, default(Sigmoid), v => 1 / (1 + Math.Exp(-v)));
        }
    }

    [SkippableTheory, MemberData(nameof(All))]
    public void Deep_products_match_double_precision(Isa isa, WeightStorage storage)
    {
        Compare(isa, new LinearCase(17, units: 40, depth: 1500, hasBias: true, hasResidual: false, 1, storage), default(Identity), v => v);
        Compare(isa, new LinearCase(1, units: 1, depth: 1499, hasBias: true, hasResidual: true, 2, storage), default(Identity), v => v);

        // So deep that a block of rows has its least height, and more than one block.
        Compare(isa, new LinearCase(115, units: 3, depth: 6000, hasBias: false, hasResidual: false, 3, storage), default(Identity), v => v);
        Compare(isa, new LinearCase(115, units: 5, depth: 6000, hasBias: false, hasResidual: false, 4, storage), default(Identity), v => v);
    }

    [SkippableTheory, MemberData(nameof(All))]
    public void A_row_has_the_same_bits_alone_and_in_every_batch(Isa isa, WeightStorage storage)
    {
        const int batch = 45;
        foreach (int units in new[] { 1, 2, 4, 16, 20, 32, 64, 65, 129 })
        {
            foreach (int depth in new[] { 7, 64, 513 })
            {
                LinearCase layer = new(batch, units, depth, hasBias: true, hasResidual: units % 2 == 0, units + depth, storage);
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

    [SkippableTheory, MemberData(nameof(All))]
    public void Panels_apart_from_each_other_have_the_bits_of_the_whole(Isa isa, WeightStorage storage)
    {
        foreach (int units in new[] { 5, 8, 16, 50, 104, 165, 300 })
        {
            foreach (int depth in new[] { 33, 130 })
            {
                foreach (int rows in new[] { 1, 2, 9 })
                {
                    LinearCase layer = new(rows, units, depth, hasBias: true, hasResidual: units % 2 == 0, units + depth, storage);
                    using LinearUnderTest packed = layer.Pack(isa);
                    float[] whole = layer.Run(packed, default(Relu), 0, rows, gap: 1, atEnd: true);
                    float[] parts = layer.Run(packed, default(Relu), 0, rows, gap: 1, atEnd: true, inParts: true);
                    Tolerance.Exact.Check(whole, parts, layer.ToString());
                }
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllInFloat))]
    public void Wide_panels_sum_in_the_order_of_k_whatever_the_width(Isa isa, WeightStorage storage) =>
        CheckOrder(isa, storage, units: 160, depth: 130, (layer, row, unit) => layer.Chain(row, unit));

    [SkippableTheory, MemberData(nameof(AllInFloat))]
    public void Panels_of_narrow_layers_have_four_sums_whatever_the_width(Isa isa, WeightStorage storage)
    {
        foreach (int depth in new[] { 1, 2, 3, 4, 77 })
        {
            CheckOrder(isa, storage, units: 150, depth, (layer, row, unit) => layer.FourChains(row, unit));
            CheckOrder(isa, storage, units: 7, depth, (layer, row, unit) => layer.FourChains(row, unit));
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Integer_sums_are_the_same_whatever_the_width(Isa isa)
    {
        foreach (int units in new[] { 1, 3, 16, 47, 150 })
        {
            foreach (int rows in new[] { 1, 2, 20 })
            {
                LinearCase layer = new(rows, units, depth: 77, hasBias: true, hasResidual: false, rows, WeightStorage.Int8);
                using LinearUnderTest scalar = layer.Pack(Isa.Scalar);
                using LinearUnderTest packed = layer.Pack(isa);
                float[] expected = layer.Run(scalar, default(Relu), 0, rows, gap: 0, atEnd: true);
                Tolerance.Exact.Check(expected, layer.Run(packed, default(Relu), 0, rows, gap: 0, atEnd: true), layer.ToString());
            }
        }
    }

    [SkippableTheory, MemberData(nameof(All))]
    public void Relu_keeps_nan_and_the_other_rows(Isa isa, WeightStorage storage)
    {
        foreach (int units in new[] { 1, 40, 64 })
        {
            LinearCase layer = new(5, units, depth: 9, hasBias: true, hasResidual: false, seed: 3, storage);
            layer.X[(2 * 9) + 4] = float.NaN;
            layer.X[(3 * 9) + 1] = float.PositiveInfinity;
            using LinearUnderTest packed = layer.Pack(isa);
            float[] y = layer.Run(packed, default(Relu), 0, 5, gap: 0, atEnd: true);
            for (int i = 0; i < y.Length; i++)
            {
                int row = i / units;
                Assert.Equal(row == 2 || (row == 3 && storage == WeightStorage.Int8), float.IsNaN(y[i]));
                if (row == 3 && storage != WeightStorage.Int8) Assert.True(y[i] == 0 || float.IsPositiveInfinity(y[i]), $"{y[i]} of an infinite input");
            }
        }
    }

    [SkippableTheory, MemberData(nameof(All))]
    public void Products_allocate_nothing(Isa isa, WeightStorage storage)
    {
        using LinearUnderTest wide = new LinearCase(1, 50, 30, hasBias: true, hasResidual: false, 1, storage).Pack(isa);
        using LinearUnderTest head = new LinearCase(1, 1, 30, hasBias: true, hasResidual: false, 2, storage).Pack(isa);
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

    private static void CheckOrder(Isa isa, WeightStorage storage, int units, int depth, Func<LinearCase, int, int, float> expected)
    {
        foreach (int rows in new[] { 1, 2, 3, 6, 14, 20 })
        {
            LinearCase layer = new(rows, units, depth, hasBias: true, hasResidual: false, rows, storage);
            using LinearUnderTest packed = layer.Pack(isa);
            Assert.False(packed.IsDotProduct);
            float[] all = [.. Enumerable.Range(0, rows * units).Select(i => expected(layer, i / units, i % units))];
            Tolerance.Exact.Check(all, layer.Run(packed, default(Identity), 0, rows, gap: 0, atEnd: true), layer.ToString());
        }
    }

    private static TheoryData<Isa, WeightStorage> With(params WeightStorage[] storages)
    {
        TheoryData<Isa, WeightStorage> data = [];
        foreach (Isa isa in Enum.GetValues<Isa>())
        {
            foreach (WeightStorage storage in storages) data.Add(isa, storage);
        }

        return data;
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
