using SeqInfer.Devices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels.Gemm;

/// <summary>Layers whose last units fill a part of a vector, alone or behind whole ones, at depths that are no multiple of what a kernel takes at once.</summary>
public sealed class FewUnitsTests
{
    private static readonly int[] Units = [5, 6, 7, 8, 17, 18, 20, 21, 24, 40, 56, 83];

    private static readonly int[] Depths = [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 66];

    public static TheoryData<Isa, WeightStorage> AllInFloat
    {
        get
        {
            TheoryData<Isa, WeightStorage> data = [];
            foreach (Isa isa in Enum.GetValues<Isa>())
            {
                data.Add(isa, WeightStorage.Float32);
                data.Add(isa, WeightStorage.BFloat16);
            }

            return data;
        }
    }

    [SkippableTheory, MemberData(nameof(AllInFloat))]
    public void Sums_are_four_chains_at_every_depth_and_height(Isa isa, WeightStorage storage)
    {
        foreach (int units in Units)
        {
            foreach (int depth in Depths)
            {
                // Each height of a tile, and two tiles of different heights
                for (int rows = 1; rows <= 15; rows++)
                    Check(new LinearCase(rows, units, depth, hasBias: rows % 2 == 0, hasResidual: rows % 3 == 0, rows, storage), isa);
                Check(new LinearCase(29, units, depth, hasBias: true, hasResidual: true, seed: 5, storage), isa);
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllInFloat))]
    public void Sums_keep_the_sign_of_zero(Isa isa, WeightStorage storage)
    {
        int negative = 0;
        foreach (int depth in new[] { 4, 5, 6, 7 })
        {
            // Products that are rounded to 0 or -0: each chain has the sign of its last one
            LinearCase layer = new(rows: 3, units: 24, depth, hasBias: false, hasResidual: false, seed: depth, storage, scale: 0.01);
            layer.X.AsSpan().Fill(float.Epsilon);
            float[] y = Check(layer, isa);
            negative += y.Count(value => value == 0 && float.IsNegative(value));
        }

        Assert.NotEqual(0, negative);
    }

    [SkippableTheory, MemberData(nameof(AllInFloat))]
    public void Rows_of_nan_do_not_touch_their_neighbours(Isa isa, WeightStorage storage)
    {
        foreach (int units in Units)
        {
            foreach (int depth in Depths.Where(depth => depth > 0))
            {
                foreach (int rows in new[] { 1, 2, 15 })
                {
                    LinearCase layer = new(2 * rows, units, depth, hasBias: true, hasResidual: false, rows, storage);
                    for (int row = 1; row < layer.Rows; row += 2) layer.X.AsSpan(row * depth, depth).Fill(float.NaN);
                    using LinearUnderTest packed = layer.Pack(isa);
                    float[] y = layer.Run(packed, default(Identity), 0, layer.Rows, gap: 0, atEnd: true);
                    for (int i = 0; i < y.Length; i++) Assert.Equal((i / units) % 2 == 1, float.IsNaN(y[i]));
                }
            }
        }
    }

    private static float[] Check(LinearCase layer, Isa isa)
    {
        using LinearUnderTest packed = layer.Pack(isa);
        float[] expected =
        [
            .. Enumerable.Range(0, layer.Rows * layer.Units).Select(i =>
            {
                (int row, int unit) = Math.DivRem(i, layer.Units);
                return layer.WithResidual(layer.FourChains(row, unit), row, unit);
            }),
        ];
        foreach (bool atEnd in new[] { true, false })
        {
            int gap = atEnd ? 0 : 3;
            Tolerance.Exact.Check(expected, layer.Run(packed, default(Identity), 0, layer.Rows, gap, atEnd), layer.ToString());
            if (layer.HasResidual) continue;
            Assert.True(packed.HasSmallProduct);
            Tolerance.Exact.Check(expected, layer.RunSmall(packed, float.NegativeInfinity, gap, atEnd), $"{layer}, small");
            Tolerance.Exact.Check(layer.Run(packed, default(Relu), 0, layer.Rows, gap, atEnd), layer.RunSmall(packed, 0, gap, atEnd), $"{layer}, small, ReLU");
        }

        return expected;
    }
}
