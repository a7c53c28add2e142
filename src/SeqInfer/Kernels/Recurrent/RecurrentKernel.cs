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
    // About how long a weight takes to be read, and a product to be added
    private const double WeightNanoseconds = 0.04;
    private const double ProductNanoseconds = 0.02;

    // Floats of the largest tile of 1, 2, 3 or 4 vectors.
    private static int SumsLength => 32 * V.Width;

    /// <summary>Runs all steps. What may be split is the units of a step.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Run<TCell, TSplitter>(ref RecurrentCall call, PackedCell<V, TStorage> weights, TSplitter splitter)
        where TCell : struct, ICell
        where TSplitter : struct, ISplitter => RunStages<TCell, TCell, TSplitter>(ref call, weights, null, splitter);

    /// <summary>Runs all steps of a cell that multiplies twice: its second product is with what the first stage gave.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Run<TFirst, TSecond, TSplitter>(
        ref RecurrentCall call, PackedCell<V, TStorage> first, PackedCell<V, TStorage> second, TSplitter splitter)
        where TFirst : struct, ICell
        where TSecond : struct, ICell
        where TSplitter : struct, ISplitter => RunStages<TFirst, TSecond, TSplitter>(ref call, first, second, splitter);

    [MethodImpl(Kernel.Compiled)]
    private static void RunStages<TCell, TSecond, TSplitter>(
        ref RecurrentCall call, PackedCell<V, TStorage> weights, PackedCell<V, TStorage>? second, TSplitter splitter)
        where TCell : struct, ICell
        where TSecond : struct, ICell
        where TSplitter : struct, ISplitter
    {
        int units = weights.Weight.Units;
        int width = weights.Weight.PanelCount * weights.Weight.PanelUnits;
        SequenceOrder.ByDescendingLength(call.Offsets, call.Batch, call.Longest, call.Places, call.Order);
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

            // The product with a state of zeros is zero.
            bool isZero = step == 0 && call.InitialHidden.IsNull;
            if (second is null)
            {
                Step<TCell, TSplitter>(in call, weights, active, isZero, splitter);
                (call.Hidden, call.NextHidden) = (call.NextHidden, call.Hidden);
                continue;
            }

            RecurrentCall stage = call;
            stage.Output = default;
            Step<TCell, TSplitter>(in stage, weights, active, isZero, splitter);
            stage.Output = call.Output;
            stage.Input = new StridedRows(call.Input.First + (TCell.Gates * units), call.Input.Stride);
            (stage.Hidden, stage.NextHidden) = (call.NextHidden, call.Hidden);
            Step<TSecond, TSplitter>(in stage, second, active, isZero, splitter);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TCell, TSplitter>(in RecurrentCall call, PackedCell<V, TStorage> weights, int active, bool isZero, TSplitter splitter)
        where TCell : struct, ICell
        where TSplitter : struct, ISplitter
    {
        if (TStorage.IsInteger && !isZero)
        {
            StridedRows h = call.Hidden;
            IntegerRows<V>.Round(h.First, h.Stride, active, weights.Weight.Depth, call.Integers.First, call.Integers.Stride, call.AboutIntegers);
        }

        if (typeof(TSplitter) == typeof(NoSplitter))
        {
            StepPanels<TCell>(in call, weights, 0, weights.Weight.PanelCount, active, isZero);
            return;
        }

        StepJob<TCell> job = new(in call, weights, active, isZero);
        double products = (double)weights.Weight.Depth * weights.Weight.PanelCount * weights.Weight.PanelUnits * TCell.Gates;
        splitter.Split(ref job, (weights.Weight.PanelCount + 1) / 2, isZero ? 0 : products * (WeightNanoseconds + (active * ProductNanoseconds)));
    }

    [SkipLocalsInit]
    [MethodImpl(Kernel.Compiled)]
    private static void StepPanels<TCell>(
        in RecurrentCall call, PackedCell<V, TStorage> weights, int first, int end, int active, bool isZero)
        where TCell : struct, ICell
    {
        float* sums = stackalloc float[SumsLength];
        int panel = active == 1 && !isZero ? StepPanelPairs<TCell>(in call, weights, first, end, sums) : first;
        for (; panel < end; panel++)
            StepPanel<TCell>(in call, weights, panel, active, isZero, sums);
    }

    [MethodImpl(Kernel.Compiled)]
    private static void StepPanel<TCell>(
        in RecurrentCall call, PackedCell<V, TStorage> weights, int panel, int active, bool isZero, float* sums)
        where TCell : struct, ICell
    {
        PackedMatrix<V, TStorage> weight = weights.Weight;
        int vectors = weight.Vectors(panel);
        int maxRows = TileKernel<V, TStorage>.MaxRows(vectors);
        byte* w = weight.Panel(panel);
        StridedRows x = Operand(in call);
        int first = 0;
        for (int tiles = (active + maxRows - 1) / maxRows; tiles > 0; tiles--)
        {
            int rows = (active - first + tiles - 1) / tiles;
            float* h = x.Row(first);
            if (isZero)
                new Span<float>(sums, rows * vectors * V.Width).Clear();
            else if (vectors == 4)
                Multiply<Count4>(rows, h, x.Stride, w, weight.Steps, sums);
            else if (vectors == 3)
                Multiply<Count3>(rows, h, x.Stride, w, weight.Steps, sums);
            else if (vectors == 2)
                Multiply<Count2>(rows, h, x.Stride, w, weight.Steps, sums);
            else
                Multiply<Count1>(rows, h, x.Stride, w, weight.Steps, sums);
            if (TStorage.IsInteger && !isZero) IntegerSums<V>.Scale(sums, rows, 1, vectors, weight.Factors(panel), call.AboutIntegers + first);
            Update<TCell>(in call, weights, panel * weight.PanelUnits, vectors / TCell.Gates, first, rows, sums, vectors * V.Width);
            first += rows;
        }
    }

    // A single row keeps more accumulators busy with two panels at once; says where it ended.
    [MethodImpl(Kernel.Compiled)]
    private static int StepPanelPairs<TCell>(in RecurrentCall call, PackedCell<V, TStorage> weights, int first, int end, float* sums)
        where TCell : struct, ICell
    {
        PackedMatrix<V, TStorage> weight = weights.Weight;
        nint panelBytes = (nint)weight.PanelBytes;
        float* h = Operand(in call).Row(0);
        int panel = first;
        for (; panel < end - 1 && weight.Vectors(panel + 1) == weight.Vectors(panel); panel += 2)
        {
            int vectors = weight.Vectors(panel);
            if (vectors == 4)
                MultiplyRow<Count4>(h, weight.Panel(panel), panelBytes, weight.Steps, sums);
            else if (vectors == 3)
                MultiplyRow<Count3>(h, weight.Panel(panel), panelBytes, weight.Steps, sums);
            else
                MultiplyRow<Count2>(h, weight.Panel(panel), panelBytes, weight.Steps, sums);
            if (TStorage.IsInteger) IntegerSums<V>.Scale(sums, 1, 2, vectors, weight.Factors(panel), call.AboutIntegers);
            Update<TCell>(in call, weights, panel * weight.PanelUnits, 2 * vectors / TCell.Gates, 0, 1, sums, 0);
        }

        return panel;
    }

    // What is multiplied with W_hh.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static StridedRows Operand(in RecurrentCall call) => TStorage.IsInteger ? call.Integers : call.Hidden;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TVectors>(int rows, float* h, nint stride, byte* panel, int steps, float* sums)
        where TVectors : struct, ICount
    {
        SumTile<V, TVectors> tile = new(sums);
        TileKernel<V, TStorage>.Run<TVectors, SumTile<V, TVectors>>(rows, h, stride, panel, steps, ref tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyRow<TVectors>(float* h, byte* panel, nint panelBytes, int steps, float* sums)
        where TVectors : struct, ICount
    {
        SumTile<V, TVectors> tile = new(sums);
        RowKernel<V, TStorage>.OneRow<Count2, TVectors, SumTile<V, TVectors>>(h, panel, panelBytes, steps, ref tile);
    }

    // Some vectors of units of some rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<TCell>(
        in RecurrentCall call, PackedCell<V, TStorage> weights, int unit, int vectors, int first, int rows, float* sums, int sumsStride)
        where TCell : struct, ICell
    {
        int units = weights.Weight.Units;
        for (; vectors > 0; vectors--, unit += V.Width, sums += TCell.Gates * V.Width)
        {
            if (units - unit >= V.Width)
                CellUpdate<V, TCell, AllLanes>.Run(in call, weights.Bias(0) + unit, weights.BiasLength, units, unit, first, rows, sums, sumsStride);
            else
                CellUpdate<V, TCell, FirstLanes>.Run(in call, weights.Bias(0) + unit, weights.BiasLength, units, unit, first, rows, sums, sumsStride);
        }
    }

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

    // One step of the running sequences; an item is two panels of units, which a single row takes together
    private readonly struct StepJob<TCell>(in RecurrentCall call, PackedCell<V, TStorage> weights, int active, bool isZero) : IParallelJob
        where TCell : struct, ICell
    {
        private readonly RecurrentCall _call = call;

        public void Run(int begin, int end, int worker) =>
            StepPanels<TCell>(in _call, weights, 2 * begin, Math.Min(2 * end, weights.Weight.PanelCount), active, isZero);
    }
}
