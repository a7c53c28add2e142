using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>
/// The score of chosen items for one query. Width candidates at a time are copied side by side, so that lanes run over candidates and each
/// score is the same chain as in <see cref="ScoreKernel{V, TStorage}"/>: the same bits.
/// </summary>
internal static unsafe class CandidateKernel<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    private const int MaxLanes = 16;

    /// <summary>Floats of scratch for item vectors of <paramref name="depth"/> elements.</summary>
    public static long ScratchFor(int depth) => (long)depth * V.Width;

    /// <summary>output[c * outputStride] = score of item candidates[c], minus infinity where that is -1.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Run(in ItemVectors items, float* query, int* candidates, int count, float* scratch, float* output, nint outputStride)
    {
        float* scores = stackalloc float[MaxLanes];
        for (int first = 0; first < count; first += V.Width)
        {
            int lanes = Math.Min(V.Width, count - first);
            if (items.Panels != null) FromPanels(items, candidates + first, lanes, scratch);
            else FromRows(items, candidates + first, lanes, scratch);
            Score(query, scratch, items.Depth).Store(scores);
            for (int lane = 0; lane < lanes; lane++)
            {
                int id = candidates[first + lane];
                output[(first + lane) * outputStride] = id < 0 ? float.NegativeInfinity : scores[lane] + items.Bias[id];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FromPanels(in ItemVectors items, int* ids, int lanes, float* columns)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            if (ids[lane] < 0) continue;
            float* item = items.Item<V>(ids[lane], out nint step);
            float* column = columns + lane;
            for (nint k = 0; k < items.Depth; k++, item += step) column[k * V.Width] = *item;
        }
    }

    // Lanes without an item get some item
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FromRows(in ItemVectors items, int* ids, int lanes, float* columns)
    {
        float** rows = stackalloc float*[MaxLanes];
        for (int lane = 0; lane < V.Width; lane++)
            rows[lane] = items.Rows + (Math.Max(0, (nint)ids[Math.Min(lane, lanes - 1)]) * items.Depth);
        Transpose<V>.Rows(rows, items.Depth, columns, V.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Score(float* query, float* columns, int depth)
    {
        V sum = V.Zero;
        for (nint k = 0; k < depth; k++) sum = TStorage.MultiplyAdd(V.Broadcast(query + k), V.Load(columns + (k * V.Width)), sum);
        return sum;
    }
}
