using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Attention;

/// <summary>
/// sums[r] = rescale[r] * sums[r] + weights[r] V for the rows of a tile. Lanes run over the columns of V; the keys are added one after the
/// other, so a row's result is the same chain in every tile shape. Rows see an ascending number of keys and never touch a hidden one,
/// whatever it holds.
/// </summary>
internal static unsafe partial class WeightedSum<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Four rows.</summary>
    /// <param name="weights">[4, keys], rows <see cref="AttentionKernel.KeyTile"/> apart.</param>
    /// <param name="values">[keys, columns].</param>
    /// <param name="stride">Elements between two values.</param>
    /// <param name="columns">Head size.</param>
    /// <param name="sums">[4, columns], rows <paramref name="sumStride"/> apart, with room up to a multiple of Width.</param>
    /// <param name="sumStride">Elements between two rows of sums.</param>
    /// <param name="state">Visible keys and rescaling of each row.</param>
    public static void Four(float* weights, float* values, nint stride, int columns, float* sums, nint sumStride, RowState* state)
    {
        int c = 0;
        for (; c <= columns - (2 * V.Width); c += 2 * V.Width)
            FourBlock<FullPair>(weights, values + c, stride, V.Width, sums + c, sumStride, state);
        int rest = columns - c;
        if (rest > V.Width) FourBlock<PartialPair>(weights, values + c, stride, rest - V.Width, sums + c, sumStride, state);
        else if (rest == V.Width) FourBlock<FullSingle>(weights, values + c, stride, rest, sums + c, sumStride, state);
        else if (rest > 0) FourBlock<PartialSingle>(weights, values + c, stride, rest, sums + c, sumStride, state);
    }

    /// <summary>One row: the first of the state.</summary>
    public static void One(float* weights, float* values, nint stride, int columns, float* sums, RowState* state)
    {
        int c = 0;
        for (; c <= columns - (4 * V.Width); c += 4 * V.Width)
            OneQuad(weights, values + c, stride, sums + c, state);
        for (; c <= columns - (2 * V.Width); c += 2 * V.Width)
            OneBlock<FullPair>(weights, values + c, stride, V.Width, sums + c, state);
        int rest = columns - c;
        if (rest > V.Width) OneBlock<PartialPair>(weights, values + c, stride, rest - V.Width, sums + c, state);
        else if (rest == V.Width) OneBlock<FullSingle>(weights, values + c, stride, rest, sums + c, state);
        else if (rest > 0) OneBlock<PartialSingle>(weights, values + c, stride, rest, sums + c, state);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourBlock<TBlock>(float* weights, float* values, nint stride, int lanes, float* sums, nint sumStride, RowState* state)
        where TBlock : struct, IColumnBlock
    {
        float* sums1 = sums + sumStride;
        float* sums2 = sums1 + sumStride;
        float* sums3 = sums2 + sumStride;
        Begin<TBlock>(sums, state->Rescale[0], out V a0, out V a1);
        Begin<TBlock>(sums1, state->Rescale[1], out V b0, out V b1);
        Begin<TBlock>(sums2, state->Rescale[2], out V c0, out V c1);
        Begin<TBlock>(sums3, state->Rescale[3], out V d0, out V d1);
        SumRows<TBlock, Count4>(weights, values, stride, lanes, state, ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
        End<TBlock>(sums, a0, a1);
        End<TBlock>(sums1, b0, b1);
        End<TBlock>(sums2, c0, c1);
        End<TBlock>(sums3, d0, d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumRows<TBlock, TRows>(
        float* weights, float* values, nint stride, int lanes, RowState* state,
        ref V a0, ref V a1, ref V b0, ref V b1, ref V c0, ref V c1, ref V d0, ref V d1)
        where TBlock : struct, IColumnBlock
        where TRows : struct, ICount
    {
        float* weights1 = weights + AttentionKernel.KeyTile;
        float* weights2 = weights1 + AttentionKernel.KeyTile;
        float* weights3 = weights2 + AttentionKernel.KeyTile;
        nint j = 0;
        nint end = state->Visible[0];
        for (; j < end; j++, values += stride)
        {
            Load<TBlock>(values, lanes, out V v0, out V v1);
            Add<TBlock>(weights + j, v0, v1, ref a0, ref a1);
            Add<TBlock>(weights1 + j, v0, v1, ref b0, ref b1);
            if (TRows.Value > 2) Add<TBlock>(weights2 + j, v0, v1, ref c0, ref c1);
            if (TRows.Value > 2) Add<TBlock>(weights3 + j, v0, v1, ref d0, ref d1);
        }

        // The last keys under a causal mask: each row sees one more than the row before
        for (end = state->Visible[1]; j < end; j++, values += stride)
        {
            Load<TBlock>(values, lanes, out V v0, out V v1);
            Add<TBlock>(weights1 + j, v0, v1, ref b0, ref b1);
            if (TRows.Value > 2) Add<TBlock>(weights2 + j, v0, v1, ref c0, ref c1);
            if (TRows.Value > 2) Add<TBlock>(weights3 + j, v0, v1, ref d0, ref d1);
        }

        if (TRows.Value == 2)
            return;
        for (end = state->Visible[2]; j < end; j++, values += stride)
        {
            Load<TBlock>(values, lanes, out V v0, out V v1);
            Add<TBlock>(weights2 + j, v0, v1, ref c0, ref c1);
            Add<TBlock>(weights3 + j, v0, v1, ref d0, ref d1);
        }

        for (end = state->Visible[3]; j < end; j++, values += stride)
        {
            Load<TBlock>(values, lanes, out V v0, out V v1);
            Add<TBlock>(weights3 + j, v0, v1, ref d0, ref d1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneBlock<TBlock>(float* weights, float* values, nint stride, int lanes, float* sums, RowState* state)
        where TBlock : struct, IColumnBlock
    {
        Begin<TBlock>(sums, state->Rescale[0], out V a0, out V a1);
        SumOne<TBlock>(weights, values, stride, lanes, state, ref a0, ref a1);
        End<TBlock>(sums, a0, a1);
    }

    // Four vectors, because a single row has no other rows to hide the latency of the multiply-add behind
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneQuad(float* weights, float* values, nint stride, float* sums, RowState* state)
    {
        Begin<FullPair>(sums, state->Rescale[0], out V a0, out V a1);
        Begin<FullPair>(sums + (2 * V.Width), state->Rescale[0], out V b0, out V b1);
        SumQuad(weights, values, stride, state, ref a0, ref a1, ref b0, ref b1);
        End<FullPair>(sums, a0, a1);
        End<FullPair>(sums + (2 * V.Width), b0, b1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumOne<TBlock>(float* weights, float* values, nint stride, int lanes, RowState* state, ref V a0, ref V a1)
        where TBlock : struct, IColumnBlock
    {
        nint end = state->Visible[0];
        for (nint j = 0; j < end; j++, values += stride)
        {
            Load<TBlock>(values, lanes, out V v0, out V v1);
            Add<TBlock>(weights + j, v0, v1, ref a0, ref a1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumQuad(float* weights, float* values, nint stride, RowState* state, ref V a0, ref V a1, ref V b0, ref V b1)
    {
        nint end = state->Visible[0];
        for (nint j = 0; j < end; j++, values += stride)
        {
            V weight = V.Broadcast(weights + j);
            a0 = V.Fma(weight, V.Load(values), a0);
            a1 = V.Fma(weight, V.Load(values + V.Width), a1);
            b0 = V.Fma(weight, V.Load(values + (2 * V.Width)), b0);
            b1 = V.Fma(weight, V.Load(values + (3 * V.Width)), b1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin<TBlock>(float* sums, float rescale, out V first, out V second)
        where TBlock : struct, IColumnBlock
    {
        V factor = V.Broadcast(rescale);
        first = V.Load(sums) * factor;
        second = TBlock.IsPair ? V.Load(sums + V.Width) * factor : V.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End<TBlock>(float* sums, V first, V second)
        where TBlock : struct, IColumnBlock
    {
        first.Store(sums);
        if (TBlock.IsPair) second.Store(sums + V.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TBlock>(float* values, int lanes, out V first, out V second)
        where TBlock : struct, IColumnBlock
    {
        first = TBlock.IsPartial && !TBlock.IsPair ? V.LoadPartial(values, lanes) : V.Load(values);
        second = !TBlock.IsPair ? V.Zero : TBlock.IsPartial ? V.LoadPartial(values + V.Width, lanes) : V.Load(values + V.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TBlock>(float* weight, V value0, V value1, ref V sum0, ref V sum1)
        where TBlock : struct, IColumnBlock
    {
        V factor = V.Broadcast(weight);
        sum0 = V.Fma(factor, value0, sum0);
        if (TBlock.IsPair) sum1 = V.Fma(factor, value1, sum1);
    }
}
