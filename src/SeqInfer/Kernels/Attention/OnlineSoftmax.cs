using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Attention;

/// <summary>Turns the scores of query rows against a tile of keys into weights and continues each row's softmax.</summary>
internal static unsafe class OnlineSoftmax<V>
    where V : unmanaged, ISimd<V>
{
    private const int KeyTile = AttentionKernel.KeyTile;

    /// <summary>
    /// scores[r, j] becomes multiplicity * e^(scale * scores[r, j] - max) for the keys that row r sees. Hidden keys take part neither in the
    /// maximum nor in the sum, so a row's result does not depend on how many of them were scored.
    /// </summary>
    /// <remarks>All maxima first, then all exponentials: the rows' chains of dependent operations overlap.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Continue(float* scores, int rows, float scale, float multiplicity, RowState* state)
    {
        for (int r = 0; r < rows; r++) RaiseMax(scores + (r * KeyTile), scale, state, r);
        for (int r = 0; r < rows; r++) Weigh(scores + (r * KeyTile), scale, state, r);
        if (multiplicity == 1) return;
        for (int r = 0; r < rows; r++) Multiply(scores + (r * KeyTile), multiplicity, state, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RaiseMax(float* scores, float scale, RowState* state, int row)
    {
        int visible = state->Visible[row];
        V factor = V.Broadcast(scale);
        V largest = V.Broadcast(state->Max[row]);
        int j = 0;
        for (; j <= visible - V.Width; j += V.Width) largest = V.Max(V.Load(scores + j) * factor, largest);
        if (j < visible)
            largest = V.Select(V.FirstLanes(visible - j), V.Max(V.Load(scores + j) * factor, largest), largest);

        float before = state->Max[row];
        float max = V.MaxElement(largest);
        state->Max[row] = max;
        state->Rescale[row] = before == max ? 1 : before == float.NegativeInfinity ? 0 : Exp(before - max);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weigh(float* scores, float scale, RowState* state, int row)
    {
        int visible = state->Visible[row];
        float max = state->Max[row];
        V factor = V.Broadcast(scale);
        V shift = V.Broadcast(max == float.NegativeInfinity ? 0 : max);
        V sum = V.Zero;
        int j = 0;
        for (; j <= visible - V.Width; j += V.Width)
        {
            V weight = VectorMath.ExpNonPositive((V.Load(scores + j) * factor) - shift);
            weight.Store(scores + j);
            sum += weight;
        }

        if (j < visible)
        {
            V weight = VectorMath.ExpNonPositive((V.Load(scores + j) * factor) - shift) & V.FirstLanes(visible - j);
            weight.Store(scores + j);
            sum += weight;
        }

        state->Added[row] = V.Sum(sum);
        state->Sum[row] = (state->Sum[row] * state->Rescale[row]) + state->Added[row];
    }

    private static void Multiply(float* scores, float multiplicity, RowState* state, int row)
    {
        V factor = V.Broadcast(multiplicity);
        for (int j = 0; j < state->Visible[row]; j += V.Width) (V.Load(scores + j) * factor).Store(scores + j);
        state->Sum[row] += (multiplicity - 1) * state->Added[row];
    }

    private static float Exp(float x)
    {
        float* lanes = stackalloc float[V.Width];
        VectorMath.ExpNonPositive(V.Broadcast(x)).Store(lanes);
        return lanes[0];
    }
}
