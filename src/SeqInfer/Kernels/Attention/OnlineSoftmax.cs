using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Attention;

/// <summary>Turns the scores of one query row against a tile of keys into weights and continues the row's softmax.</summary>
internal static unsafe class OnlineSoftmax<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>
    /// scores[j] becomes multiplicity * e^(scale * scores[j] - max) for the keys the row sees. What stands behind them, up to a multiple of
    /// Width, becomes 0, so that the row's sum does not depend on how many hidden keys were scored.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Continue(float* scores, float scale, float multiplicity, RowState* state, int row)
    {
        int visible = state->Visible[row];
        if (visible == 0)
        {
            state->Rescale[row] = 1;
            return;
        }

        float before = state->Max[row];
        float max = Math.Max(before, ScaleAndMax(scores, scale, visible));
        V shift = V.Broadcast(max == float.NegativeInfinity ? 0 : max);
        V factor = V.Broadcast(multiplicity);
        V sum = V.Zero;
        for (int j = 0; j < visible; j += V.Width)
        {
            V weight = VectorMath.ExpNonPositive(V.Load(scores + j) - shift) * factor;
            weight.Store(scores + j);
            sum += weight;
        }

        float rescale = before == float.NegativeInfinity ? 0 : V.Sum(VectorMath.ExpNonPositive(V.Broadcast(before - max)) & V.FirstLanes(1));
        state->Max[row] = max;
        state->Sum[row] = (state->Sum[row] * rescale) + V.Sum(sum);
        state->Rescale[row] = rescale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ScaleAndMax(float* scores, float scale, int visible)
    {
        V hidden = V.Broadcast(float.NegativeInfinity);
        V factor = V.Broadcast(scale);
        V max = hidden;
        int j = 0;
        for (; j <= visible - V.Width; j += V.Width)
        {
            V score = V.Load(scores + j) * factor;
            score.Store(scores + j);
            max = V.Max(score, max);
        }

        if (j < visible)
        {
            V score = V.Select(V.FirstLanes(visible - j), V.Load(scores + j) * factor, hidden);
            score.Store(scores + j);
            max = V.Max(score, max);
        }

        return V.MaxElement(max);
    }
}
