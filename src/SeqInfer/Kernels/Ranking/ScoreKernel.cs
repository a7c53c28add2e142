using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>The score of every item for every query.</summary>
internal static unsafe class ScoreKernel<V, TTerm>
    where V : unmanaged, ISimd<V>
    where TTerm : struct, ITerm
{
    /// <summary>
    /// output[r, i] = score of item i for query r, bias included, for the items of some panels. Strides count elements; scratch is that of
    /// <see cref="ItemVectors"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        in ItemVectors items, float* queries, nint queryStride, int queryCount, int firstPanel, int endPanel,
        float* scratch, float* output, nint outputStride)
    {
        ScoreTile memory;
        float* tile = ScoreTile.Align(&memory);
        for (int p = firstPanel; p < endPanel; p++)
        {
            int first = p * Panel<V>.Width;
            int lanes = Math.Min(Panel<V>.Width, items.ItemCount - first);
            float* panel = items.OnePanel<V>(p, scratch);
            for (int r = 0, rows; r < queryCount; r += rows)
            {
                rows = Tiling.NextOf(queryCount - r, PanelTile<V, TTerm>.MaxRows);
                PanelTile<V, TTerm>.Run(rows, queries + (r * queryStride), queryStride, panel, items.Depth, panel, 0, tile);
                for (int i = 0; i < rows; i++)
                    AddBias(tile + (i * Panel<V>.Width), items.Bias + first, output + ((r + i) * outputStride) + first, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBias(float* scores, float* bias, float* output, int lanes)
    {
        V low = V.Load(scores) + V.Load(bias);
        V high = V.Load(scores + V.Width) + V.Load(bias + V.Width);
        if (lanes == Panel<V>.Width)
        {
            low.Store(output);
            high.Store(output + V.Width);
            return;
        }

        low.StorePartial(output, Math.Min(lanes, V.Width));
        if (lanes > V.Width) high.StorePartial(output + V.Width, lanes - V.Width);
    }
}
