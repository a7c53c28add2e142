using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Kernels.Gemm;

/// <summary>Where packing puts every weight, and products of some panels only.</summary>
public sealed unsafe class PackedMatrixTests
{
    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Every_weight_stands_at_its_place_and_the_rest_is_zero(Isa isa)
    {
        foreach (int gates in new[] { 1, 3, 4 })
        {
            foreach (int units in new[] { 0, 1, 3, 16, 17, 31, 32, 33, 50, 64 })
            {
                KernelsUnderTest.For(isa).Run<LayoutCheck, object>(new LayoutCheck(gates, units, Depth: 5, PanelVectors: 2));
                if (gates == 1) KernelsUnderTest.For(isa).Run<LayoutCheck, object>(new LayoutCheck(gates, units, Depth: 5, PanelVectors: 1));
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Panels_one_after_the_other_equal_the_whole_product(Isa isa) =>
        KernelsUnderTest.For(isa).Run<PartsCheck, object>(default);

    private readonly record struct LayoutCheck(int Gates, int Units, int Depth, int PanelVectors) : IIsaVisitor<object>
    {
        public object Visit<V>()
            where V : unmanaged, ISimd<V>
        {
            // The value tells row and column.
            int rows = Gates * Units;
            int depth = Depth;
            float[] values = [.. Enumerable.Range(0, rows * Depth).Select(i => i + 1f)];
            using PackedMatrix<V, Float32Storage> packed = new(Parameter.FromValues("weight", rows, Depth, values), Gates, PanelVectors);
            Assert.Equal((Gates, Units, Depth), (packed.Gates, packed.Units, packed.Depth));
            long seen = 0;
            for (int panel = 0; panel < packed.PanelCount; panel++)
            {
                int columns = packed.Vectors(panel) * V.Width;
                float* p = (float*)packed.Panel(panel);
                for (int i = 0; i < columns * Depth; i++)
                {
                    (int k, int column) = Math.DivRem(i, columns);
                    int gate = Gates == 1 ? 0 : column / V.Width;
                    int unit = (panel * packed.PanelUnits) + (Gates == 1 ? column : column % V.Width);
                    float expected = unit < Units ? values[(((gate * Units) + unit) * depth) + k] : 0;
                    Assert.Equal(expected, p[i]);
                    if (unit < Units) seen++;
                }
            }

            Assert.Equal(values.Length, seen);
            return this;
        }
    }

    private readonly struct PartsCheck : IIsaVisitor<object>
    {
        public object Visit<V>()
            where V : unmanaged, ISimd<V>
        {
            Check<V>(2);
            Check<V>(1);
            return this;
        }

        private static void Check<V>(int panelVectors)
            where V : unmanaged, ISimd<V>
        {
            const int units = 165;
            const int depth = 33;
            var weight = Parameter.FromValues("weight", units, depth, Samples.Normal(units * depth, 1));
            using PackedMatrix<V, Float32Storage> packed = new(weight, panelVectors: panelVectors);
            float[] bias = [.. Samples.Normal(units, 3), .. new float[2 * V.Width]];
            foreach (int rows in new[] { 1, 2, 9 })
            {
                float[] x = Samples.Normal(rows * depth, 2);
                float[] whole = new float[rows * units];
                float[] parts = new float[rows * units];
                fixed (float* from = x, all = whole, some = parts, b = bias)
                {
                    MatrixProduct<V, Float32Storage>.Run(from, depth, rows, packed, new LinearOutput(all, units, b), default(Relu));
                    for (int panel = 0, count = 1; panel < packed.PanelCount; panel += count, count++)
                    {
                        int taken = Math.Min(count, packed.PanelCount - panel);
                        LinearOutput output = new LinearOutput(some, units, b).At(0, panel * packed.PanelUnits);
                        MatrixProduct<V, Float32Storage>.Run(from, depth, rows, packed, panel, taken, output, default(Relu));
                    }
                }

                Tolerance.Exact.Check(whole, parts, $"{rows} rows");
            }
        }
    }
}
