using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>The score of every item for every query.</summary>
internal static unsafe class ScoreKernel<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    /// <summary>
    /// output[r, i] = score of item i for query r, bias included, for the items of some panels. Strides count elements; scratch is that of
    /// <see cref="ItemVectors"/>.
    /// </summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Run(
        in ItemVectors items, float* queries, nint queryStride, int queryCount, int firstPanel, int endPanel,
        float* scratch, float* output, nint outputStride)
    {
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            int first = panel * Panel<V>.Width;
            ScoreEnd<V> end = new(items.Bias + first, output + first, outputStride, Math.Min(Panel<V>.Width, items.ItemCount - first));
            float* vectors = items.OnePanel<V>(panel, scratch);
            RowTiles<V, WideKernel<V, TStorage>>.Run(queries, queryStride, queryCount, (byte*)vectors, items.Depth, in end);
        }
    }
}
