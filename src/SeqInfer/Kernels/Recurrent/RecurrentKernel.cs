using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>Runs a recurrent cell over ragged sequences, one step of all sequences that are still running after the other.</summary>
/// <remarks>
/// Sequences are ordered by length, so that the running ones are the first rows of the state and no step computes padding. A panel of W_hh
/// holds all gates of its units: a tile's sums meet the projected input and become the new state while they are in the first-level cache.
/// A sequence's arithmetic does not depend on the others.
/// </remarks>
internal static unsafe class RecurrentKernel<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    // Floats of the largest tile of 1, 2, 3 or 4 vectors.
    private static int SumsLength => 32 * V.Width;

    /// <summary>Runs all steps.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TCell>(ref RecurrentCall call, PackedCell<V, TStorage> weights)
        where TCell : struct, ICell
    {
        float* sums = stackalloc float[SumsLength];
        int units = weights.Weight.Units;
        SequenceOrder.ByDescendingLength(call.Offsets, call.Batch, call.Longest, call.Places, call.Order);
        int width = weights.Weight.PanelCount * weights.Weight.PanelUnits;
        Begin(in call, call.InitialHidden, call.Hidden, units, width);
        if (TCell.HasCellState) Begin(in call, call.InitialCell, call.Cell, units, width);
        int active = call.Batch;
        for (int step = 0; ; step++)
        {
            int ended = active;
            while (active > 0 && LengthOf(in call, active - 1) <= step) active--;
            End(in call, call.Hidden, call.FinalHidden, active, ended, units);
            if (TCell.HasCellState) End(in call, call.Cell, call.FinalCell, active, ended, units);
            if (active == 0)
                return;
            for (int s = 0; s < active; s++)
            {
                int* offset = call.Offsets + call.Order[s];
                call.Rows[s] = call.Reverse ? offset[1] - 1 - step : offset[0] + step;
            }

            bool isZero = step == 0 && call.InitialHidden.IsNull;
            for (int panel = 0; panel < weights.Weight.PanelCount; panel++)
                StepPanel<TCell>(in call, weights, panel, active, isZero, sums);
            (call.Hidden, call.NextHidden) = (call.NextHidden, call.Hidden);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StepPanel<TCell>(
        in RecurrentCall call, PackedCell<V, TStorage> weights, int panel, int active, bool isZero, float* sums)
        where TCell : struct, ICell
    {
        PackedMatrix<V, TStorage> weight = weights.Weight;
        int vectors = weight.Vectors(panel);
        int maxRows = TileKernel<V, TStorage>.MaxRows(vectors);
        byte* w = weight.Panel(panel);
        int first = 0;
        for (int tiles = (active + maxRows - 1) / maxRows; tiles > 0; tiles--)
        {
            int rows = (active - first + tiles - 1) / tiles;
            float* h = call.Hidden.Row(first);
            if (isZero)
                new Span<float>(sums, rows * vectors * V.Width).Clear();
            else if (vectors == 4)
                Multiply<Count4>(rows, h, call.Hidden.Stride, w, weight.Depth, sums);
            else if (vectors == 3)
                Multiply<Count3>(rows, h, call.Hidden.Stride, w, weight.Depth, sums);
            else if (vectors == 2)
                Multiply<Count2>(rows, h, call.Hidden.Stride, w, weight.Depth, sums);
            else
                Multiply<Count1>(rows, h, call.Hidden.Stride, w, weight.Depth, sums);
            for (int vector = 0; vector < vectors / TCell.Gates; vector++)
            {
                int unit = (panel * weight.PanelUnits) + (vector * V.Width);
                Update<TCell>(in call, weights, unit, first, rows, sums + (vector * V.Width), vectors * V.Width);
            }

            first += rows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TVectors>(int rows, float* h, nint stride, byte* panel, int depth, float* sums)
        where TVectors : struct, ICount
    {
        SumTile<V, TVectors> tile = new(sums);
        TileKernel<V, TStorage>.Run<TVectors, SumTile<V, TVectors>>(rows, h, stride, panel, depth, ref tile);
    }

    // One vector of units of some rows: lanes run over units.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update<TCell>(
        in RecurrentCall call, PackedCell<V, TStorage> weights, int unit, int first, int rows, float* sums, int sumsStride)
        where TCell : struct, ICell
    {
        int units = weights.Weight.Units;
        int left = Math.Min(units - unit, V.Width);
        V recurrentBias = V.Load(weights.Bias(TCell.Gates) + unit);
        for (int s = first; s < first + rows; s++, sums += sumsStride)
        {
            int row = call.Rows[s];
            float* x = call.Input.Row(row) + unit;
            V x0 = Load(x, left) + V.Load(weights.Bias(0) + unit);
            V x1 = TCell.Gates > 1 ? Load(x + units, left) + V.Load(weights.Bias(1) + unit) : default;
            V x2 = TCell.Gates > 2 ? Load(x + (2 * units), left) + V.Load(weights.Bias(2) + unit) : default;
            V x3 = TCell.Gates > 3 ? Load(x + (3 * units), left) + V.Load(weights.Bias(3) + unit) : default;
            V a0 = V.Load(sums);
            V a1 = TCell.Gates > 1 ? V.Load(sums + V.Width) : default;
            V a2 = TCell.Gates > 2 ? V.Load(sums + (2 * V.Width)) : default;
            V a3 = TCell.Gates > 3 ? V.Load(sums + (3 * V.Width)) : default;
            V c = TCell.HasCellState ? V.Load(call.Cell.Row(s) + unit) : default;
            V h = V.Load(call.Hidden.Row(s) + unit);
            h = TCell.Step(new Gates<V>(a0, a1, a2, a3), new Gates<V>(x0, x1, x2, x3), recurrentBias, h, ref c);
            h.Store(call.NextHidden.Row(s) + unit);
            if (TCell.HasCellState) c.Store(call.Cell.Row(s) + unit);
            if (call.Output.IsNull)
                continue;
            if (left == V.Width)
                h.Store(call.Output.Row(row) + unit);
            else
                h.StorePartial(call.Output.Row(row) + unit, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(float* p, int left) => left == V.Width ? V.Load(p) : V.LoadPartial(p, left);

    private static int LengthOf(in RecurrentCall call, int s)
    {
        int* offset = call.Offsets + call.Order[s];
        return offset[1] - offset[0];
    }

    private static void Begin(in RecurrentCall call, StridedRows initial, StridedRows state, int units, int width)
    {
        for (int s = 0; s < call.Batch; s++)
        {
            Span<float> target = new(state.Row(s), width);
            target.Clear();
            if (!initial.IsNull) new ReadOnlySpan<float>(initial.Row(call.Order[s]), units).CopyTo(target);
        }
    }

    private static void End(in RecurrentCall call, StridedRows state, StridedRows final, int from, int to, int units)
    {
        if (final.IsNull)
            return;
        for (int s = from; s < to; s++)
            new ReadOnlySpan<float>(state.Row(s), units).CopyTo(new Span<float>(final.Row(call.Order[s]), units));
    }
}
