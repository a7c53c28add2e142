using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>Turns the sums of a tile into the next state. Lanes run over units.</summary>
/// <remarks>One loop over the tile's rows for the gates and one for the state: the iterations of each are short and do not depend on each other.</remarks>
internal static unsafe class CellUpdate<V, TCell, TLanes>
    where V : unmanaged, ISimd<V>
    where TCell : struct, ICell
    where TLanes : struct, ILanes
{
    // With a single elementary function there is nothing to be gained from two loops
    private static bool IsOneLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCell.Gates == 1;
    }

    private static int ActiveGates
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCell.HasCandidateApart ? TCell.Gates - 1 : TCell.Gates;
    }

    /// <summary>Makes one vector of units of some rows.</summary>
    /// <param name="call">The states, and the projected input.</param>
    /// <param name="bias">The biases of the first gate, from the first unit on.</param>
    /// <param name="biasLength">Floats from the biases of one gate to those of the next.</param>
    /// <param name="units">Units of the cell.</param>
    /// <param name="unit">The first one.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="sums">W_hh h, one vector a gate; overwritten.</param>
    /// <param name="sumsStride">Floats from one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(
        in RecurrentCall call, float* bias, nint biasLength, int units, int unit, int first, int rows, float* sums, int sumsStride)
    {
        if (!IsOneLoop) Activate(in call, bias, biasLength, units, unit, first, rows, sums, sumsStride);
        Step(in call, bias, biasLength, units, unit, first, rows, sums, sumsStride);
    }

    [MethodImpl(Kernel.Compiled)]
    private static void Activate(
        in RecurrentCall call, float* bias, nint biasLength, int units, int unit, int first, int rows, float* sums, int sumsStride)
    {
        int left = units - unit;
        V b0 = V.Load(bias);
        V b1 = ActiveGates > 1 ? V.Load(bias + biasLength) : default;
        V b2 = ActiveGates > 2 ? V.Load(bias + (2 * biasLength)) : default;
        V b3 = ActiveGates > 3 ? V.Load(bias + (3 * biasLength)) : default;
        float* input = call.Input.First + unit;
        for (int s = first; s < first + rows; s++, sums += sumsStride)
        {
            float* x = input + (call.Rows[s] * call.Input.Stride);
            TCell.Activate(0, V.Load(sums) + (TLanes.Load<V>(x, left) + b0)).Store(sums);
            if (ActiveGates > 1) TCell.Activate(1, V.Load(sums + V.Width) + (TLanes.Load<V>(x + units, left) + b1)).Store(sums + V.Width);
            if (ActiveGates > 2) TCell.Activate(2, V.Load(sums + (2 * V.Width)) + (TLanes.Load<V>(x + (2 * units), left) + b2)).Store(sums + (2 * V.Width));
            if (ActiveGates > 3) TCell.Activate(3, V.Load(sums + (3 * V.Width)) + (TLanes.Load<V>(x + (3 * units), left) + b3)).Store(sums + (3 * V.Width));
        }
    }

    [MethodImpl(Kernel.Compiled)]
    private static void Step(
        in RecurrentCall call, float* bias, nint biasLength, int units, int unit, int first, int rows, float* sums, int sumsStride)
    {
        int left = units - unit;
        V inputBias = TCell.HasCandidateApart || IsOneLoop ? V.Load(bias + ((TCell.Gates - 1) * biasLength)) : default;
        V candidateBias = TCell.HasCandidateApart ? V.Load(bias + (TCell.Gates * biasLength)) : default;
        nint stride = call.Hidden.Stride;
        float* hidden = call.Hidden.First + (first * stride) + unit;
        float* next = call.NextHidden.First + (first * stride) + unit;
        float* cell = TCell.HasCellState ? call.Cell.First + (first * stride) + unit : null;
        float* input = call.Input.First + ((TCell.Gates - 1) * units) + unit;
        float* output = call.Output.First + unit;
        bool hasOutput = !call.Output.IsNull;
        for (int s = first; s < first + rows; s++, sums += sumsStride)
        {
            nint row = call.Rows[s];
            V candidate = TCell.HasCandidateApart ? TLanes.Load<V>(input + (row * call.Input.Stride), left) + inputBias : default;
            V g0 = V.Load(sums);
            if (IsOneLoop) g0 = TCell.Activate(0, g0 + (TLanes.Load<V>(input + (row * call.Input.Stride), left) + inputBias));
            V g1 = TCell.Gates > 1 ? V.Load(sums + V.Width) : default;
            V g2 = TCell.Gates > 2 ? V.Load(sums + (2 * V.Width)) : default;
            V g3 = TCell.Gates > 3 ? V.Load(sums + (3 * V.Width)) : default;
            V c = TCell.HasCellState ? V.Load(cell) : default;
            V attention = TCell.HasAttention ? V.Broadcast(call.Attention.Row((int)row)) : default;
            V before = V.Load(TCell.IsSecondStage ? next : hidden);
            V h = TCell.Step(new Gates<V>(g0, g1, g2, g3), candidate, candidateBias, attention, before, ref c);
            h.Store(next);
            if (TCell.HasCellState) c.Store(cell);
            if (hasOutput) TLanes.Store(h, output + (row * call.Output.Stride), left);
            hidden += stride;
            next += stride;
            if (TCell.HasCellState) cell += stride;
        }
    }
}
