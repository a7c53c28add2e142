using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;

namespace SeqInfer.Kernels.Attention;

internal static unsafe partial class WeightedSum<V>
{
    /// <summary>One to four rows that have seen all their keys: output[r] = weights[r] V / the sum of the row's weights.</summary>
    /// <param name="weights">[4, keys], rows <see cref="AttentionKernel.KeyTile"/> apart.</param>
    /// <param name="values">[keys, columns].</param>
    /// <param name="stride">Elements between two values.</param>
    /// <param name="columns">Head size.</param>
    /// <param name="output">[rows, columns].</param>
    /// <param name="outputStride">Elements between two rows of the output.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="state">Visible keys and sums of each row.</param>
    public static void ToOutput(
        float* weights, float* values, nint stride, int columns, float* output, nint outputStride, int rows, RowState* state)
    {
        for (int r = 0; r < AttentionKernel.TileRows; r++) state->Rescale[r] = state->Sum[r] == 0 ? 0 : 1 / state->Sum[r];
        if (rows == 1)
        {
            ToOutputOne(weights, values, stride, columns, output, state);
            return;
        }

        if (rows == 2) ToOutput<Count2>(weights, values, stride, columns, output, outputStride, rows, state);
        else ToOutput<Count4>(weights, values, stride, columns, output, outputStride, rows, state);
    }

    private static void ToOutput<TRows>(
        float* weights, float* values, nint stride, int columns, float* output, nint outputStride, int rows, RowState* state)
        where TRows : struct, ICount
    {
        int c = 0;
        for (; c <= columns - (2 * V.Width); c += 2 * V.Width)
            RowsToOutput<FullPair, TRows>(weights, values + c, stride, V.Width, output + c, outputStride, rows, state);
        int rest = columns - c;
        if (rest > V.Width) RowsToOutput<PartialPair, TRows>(weights, values + c, stride, rest - V.Width, output + c, outputStride, rows, state);
        else if (rest == V.Width) RowsToOutput<FullSingle, TRows>(weights, values + c, stride, rest, output + c, outputStride, rows, state);
        else if (rest > 0) RowsToOutput<PartialSingle, TRows>(weights, values + c, stride, rest, output + c, outputStride, rows, state);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowsToOutput<TBlock, TRows>(
        float* weights, float* values, nint stride, int lanes, float* output, nint outputStride, int rows, RowState* state)
        where TBlock : struct, IColumnBlock
        where TRows : struct, ICount
    {
        V a0 = V.Zero, a1 = V.Zero, b0 = V.Zero, b1 = V.Zero, c0 = V.Zero, c1 = V.Zero, d0 = V.Zero, d1 = V.Zero;
        SumRows<TBlock, TRows>(weights, values, stride, lanes, state, ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
        Finish<TBlock>(output, lanes, state->Rescale[0], a0, a1);
        Finish<TBlock>(output + outputStride, lanes, state->Rescale[1], b0, b1);
        if (TRows.Value > 2) Finish<TBlock>(output + (2 * outputStride), lanes, state->Rescale[2], c0, c1);
        if (rows > 3) Finish<TBlock>(output + (3 * outputStride), lanes, state->Rescale[3], d0, d1);
    }

    private static void ToOutputOne(float* weights, float* values, nint stride, int columns, float* output, RowState* state)
    {
        int c = 0;
        for (; c <= columns - (4 * V.Width); c += 4 * V.Width)
            OneQuadToOutput(weights, values + c, stride, output + c, state);
        for (; c <= columns - (2 * V.Width); c += 2 * V.Width)
            OneToOutput<FullPair>(weights, values + c, stride, V.Width, output + c, state);
        int rest = columns - c;
        if (rest > V.Width) OneToOutput<PartialPair>(weights, values + c, stride, rest - V.Width, output + c, state);
        else if (rest == V.Width) OneToOutput<FullSingle>(weights, values + c, stride, rest, output + c, state);
        else if (rest > 0) OneToOutput<PartialSingle>(weights, values + c, stride, rest, output + c, state);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneToOutput<TBlock>(float* weights, float* values, nint stride, int lanes, float* output, RowState* state)
        where TBlock : struct, IColumnBlock
    {
        V a0 = V.Zero, a1 = V.Zero;
        SumOne<TBlock>(weights, values, stride, lanes, state, ref a0, ref a1);
        Finish<TBlock>(output, lanes, state->Rescale[0], a0, a1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneQuadToOutput(float* weights, float* values, nint stride, float* output, RowState* state)
    {
        V a0 = V.Zero, a1 = V.Zero, b0 = V.Zero, b1 = V.Zero;
        SumQuad(weights, values, stride, state, ref a0, ref a1, ref b0, ref b1);
        Finish<FullPair>(output, V.Width, state->Rescale[0], a0, a1);
        Finish<FullPair>(output + (2 * V.Width), V.Width, state->Rescale[0], b0, b1);
    }

    // A row without weights gives zeros, whatever the values hold
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TBlock>(float* output, int lanes, float factor, V first, V second)
        where TBlock : struct, IColumnBlock
    {
        V scale = V.Broadcast(factor);
        V kept = V.FirstLanes(factor == 0 ? 0 : V.Width);
        first = (first * scale) & kept;
        second = (second * scale) & kept;
        if (TBlock.IsPartial && !TBlock.IsPair) first.StorePartial(output, lanes);
        else first.Store(output);
        if (TBlock.IsPair && TBlock.IsPartial) second.StorePartial(output + V.Width, lanes);
        else if (TBlock.IsPair) second.Store(output + V.Width);
    }
}
