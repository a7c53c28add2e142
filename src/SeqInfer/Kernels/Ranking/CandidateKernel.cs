using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>
/// The score of chosen items for one query. Width candidates at a time are copied side by side, so that lanes run over candidates and each
/// score is the same chain as in <see cref="ScoreKernel{V, TTerm}"/>: the same bits.
/// </summary>
internal static unsafe class CandidateKernel<V, TTerm>
    where V : unmanaged, ISimd<V>
    where TTerm : struct, ITerm
{
    /// <summary>Floats of scratch for item vectors of <paramref name="depth"/> elements.</summary>
    public static long ScratchFor(int depth) => (long)depth * V.Width;

    /// <summary>output[c * outputStride] = score of item candidates[c], minus infinity where that is -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in ItemVectors items, float* query, int* candidates, int count, float* scratch, float* output, nint outputStride)
    {
        ScoreTile memory;
        float* tile = ScoreTile.Align(&memory);
        for (int first = 0; first < count; first += V.Width)
        {
            int lanes = Math.Min(V.Width, count - first);
            for (int lane = 0; lane < lanes; lane++) Gather(items, candidates[first + lane], scratch + lane, tile + V.Width + lane);
            Score(query, scratch, items.Depth).Store(tile);
            for (int lane = 0; lane < lanes; lane++)
                output[(first + lane) * outputStride] = candidates[first + lane] < 0 ? float.NegativeInfinity : tile[lane] + tile[V.Width + lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(in ItemVectors items, int id, float* column, float* bias)
    {
        if (id < 0) return;
        float* item = items.Item<V>(id, out nint step);
        for (nint k = 0; k < items.Depth; k++, item += step) column[k * V.Width] = *item;
        *bias = items.Bias[id];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Score(float* query, float* columns, int depth)
    {
        V sum = V.Zero;
        for (nint k = 0; k < depth; k++) sum = TTerm.Add(V.Broadcast(query + k), V.Load(columns + (k * V.Width)), sum);
        return sum;
    }
}
