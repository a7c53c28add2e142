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
    /// maximum nor in the sum, so a row's result does not depend on how many of them were scored. <paramref name="lanes"/> is scratch for four vectors.
    /// </summary>
    /// <remarks>
    /// All maxima first, then all exponentials: the rows' chains of dependent operations overlap. Four rows join their lanes together.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Continue(float* scores, int rows, float scale, float multiplicity, RowState* state, float* lanes)
    {
        for (int r = 0; r < rows; r++)
        {
            state->Before[r] = state->Max[r];
            Largest(scores + (r * KeyTile), scale, state, r).Store(lanes + (r * V.Width));
        }

        if (rows == 1) state->Max[0] = V.MaxElement(V.Load(lanes));
        else FourVectors<V>.Max(lanes, state->Max);
        for (int r = 0; r < rows; r++) Weigh(scores + (r * KeyTile), scale, state, r).Store(lanes + (r * V.Width));
        if (rows == 1) state->Added[0] = V.Sum(V.Load(lanes));
        else FourVectors<V>.Sum(lanes, state->Added);
        for (int r = 0; r < rows; r++)
        {
            float before = state->Before[r];
            state->Rescale[r] = before == state->Max[r] ? 1 : before == float.NegativeInfinity ? 0 : Exp(before - state->Max[r]);
            state->Sum[r] = (state->Sum[r] * state->Rescale[r]) + (multiplicity * state->Added[r]);
        }

        if (multiplicity == 1) return;
        for (int r = 0; r < rows; r++) Multiply(scores + (r * KeyTile), multiplicity, state, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Largest(float* scores, float scale, RowState* state, int row)
    {
        int visible = state->Visible[row];
        V factor = V.Broadcast(scale);
        V largest = V.Broadcast(state->Max[row]);
        int j = 0;
        for (; j <= visible - V.Width; j += V.Width) largest = V.Max(V.Load(scores + j) * factor, largest);
        return j < visible
            ? V.Select(V.FirstLanes(visible - j), V.Max(V.Load(scores + j) * factor, largest), largest)
            : largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Weigh(float* scores, float scale, RowState* state, int row)
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

        return sum;
    }

    private static void Multiply(float* scores, float multiplicity, RowState* state, int row)
    {
        V factor = V.Broadcast(multiplicity);
        for (int j = 0; j < state->Visible[row]; j += V.Width) (V.Load(scores + j) * factor).Store(scores + j);
    }

    private static float Exp(float x)
    {
        float* lanes = stackalloc float[V.Width];
        VectorMath.ExpNonPositive(V.Broadcast(x)).Store(lanes);
        return lanes[0];
    }
}
