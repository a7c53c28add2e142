using ILGPU;

namespace SeqInfer.Gpu.Kernels.Recurrent;

/// <summary>The operands of a whole recurrent layer; flags say which of the windows there are.</summary>
internal readonly struct GroupRecurrentArgs(
    StepKind kind,
    int sequenceCount,
    StepRows rows,
    RecurrentWeightsView weights,
    Window projected,
    Window attention,
    Optional initialHidden,
    Optional initialCell,
    Optional output,
    Optional finalHidden,
    Optional finalCell)
{
    public readonly StepKind Kind = kind;

    public readonly int SequenceCount = sequenceCount;

    public readonly StepRows Rows = rows;

    public readonly RecurrentWeightsView Weights = weights;

    public readonly Window Projected = projected;

    public readonly Window Attention = attention;

    public readonly Optional InitialHidden = initialHidden;

    public readonly Optional InitialCell = initialCell;

    public readonly Optional Output = output;

    public readonly Optional FinalHidden = finalHidden;

    public readonly Optional FinalCell = finalCell;
}

/// <summary>
/// Recurrent layer, version 2: one launch for all steps. A group has four sequences, whose states lie side by side in shared memory, four
/// of one unit together; a thread has every n-th unit and reads its gates' weights once a step for all four, from caches that hold them from
/// step to step. Sums have the order of version 1.
/// </summary>
internal static class GroupRecurrentKernel
{
    /// <summary>Sequences of a group.</summary>
    public const int SequencesOfGroup = 4;

    /// <summary>The largest state that fits shared memory.</summary>
    public const int MaxHiddenSize = 512;

    public static void Run(GroupRecurrentArgs args)
    {
        ArrayView<Float4> hidden = SharedMemory.Allocate<Float4>(MaxHiddenSize);
        ArrayView<Float4> next = SharedMemory.Allocate<Float4>(MaxHiddenSize);
        ArrayView<Float4> cell = SharedMemory.Allocate<Float4>(MaxHiddenSize);
        ArrayView<Float4> gate = SharedMemory.Allocate<Float4>(MaxHiddenSize);
        for (int first = Grid.IdxX * SequencesOfGroup; first < args.SequenceCount; first += Grid.DimX * SequencesOfGroup)
            Layer(args, first, hidden, next, cell, gate);
    }

    private static void Layer(
        GroupRecurrentArgs args, int first, ArrayView<Float4> hidden, ArrayView<Float4> next, ArrayView<Float4> cell, ArrayView<Float4> gate)
    {
        int size = args.Weights.Size;
        for (int unit = Group.IdxX; unit < size; unit += Group.DimX)
        {
            hidden[unit] = args.InitialHidden.Load(args.SequenceCount, first, unit);
            cell[unit] = args.InitialCell.Load(args.SequenceCount, first, unit);
        }

        GpuGroup.Barrier();
        int steps = Longest(args, first);
        for (int step = 0; step < steps; step++)
        {
            if (args.Kind == StepKind.ResetCandidate)
            {
                for (int unit = Group.IdxX; unit < size; unit += Group.DimX)
                    Gates(args, first, step, unit, hidden, cell, gate);
                GpuGroup.Barrier();
            }

            for (int unit = Group.IdxX; unit < size; unit += Group.DimX)
                next[unit] = Step(args, first, step, unit, hidden, cell, gate);
            GpuGroup.Barrier();
            for (int unit = Group.IdxX; unit < size; unit += Group.DimX)
                hidden[unit] = next[unit];
            GpuGroup.Barrier();
        }

        for (int unit = Group.IdxX; unit < size; unit += Group.DimX)
        {
            args.FinalHidden.Store(args.SequenceCount, first, unit, hidden[unit]);
            args.FinalCell.Store(args.SequenceCount, first, unit, cell[unit]);
        }

        GpuGroup.Barrier();
    }

    public static int Longest(GroupRecurrentArgs args, int first)
    {
        int longest = 0;
        for (int i = first; i < IntrinsicMath.Min(first + SequencesOfGroup, args.SequenceCount); i++)
            longest = IntrinsicMath.Max(longest, args.Rows.Length(i));
        return longest;
    }

    /// <summary>The row of a step, or -1 where the sequence has ended or is none.</summary>
    public static int RowOf(GroupRecurrentArgs args, int sequence, int step) =>
        sequence < args.SequenceCount && step < args.Rows.Length(sequence) ? args.Rows.At(sequence, step) : -1;

    private static Float4 Step(
        GroupRecurrentArgs args, int first, int step, int unit, ArrayView<Float4> hidden, ArrayView<Float4> cell, ArrayView<Float4> gate)
    {
        bool hasStages = args.Kind == StepKind.ResetCandidate;
        GateSums4 sums = hasStages
            ? GateSums4.Of(cell, args.Weights, unit, 2, 1)
            : GateSums4.Of(hidden, args.Weights, unit, 0, GateCount(args.Kind));
        Float4 h = hidden[unit];
        Float4 c = hasStages ? gate[unit] : cell[unit];
        h.X = Sequence(args, RowOf(args, first, step), unit, sums.OfX(), h.X, ref c.X);
        h.Y = Sequence(args, RowOf(args, first + 1, step), unit, sums.OfY(), h.Y, ref c.Y);
        h.Z = Sequence(args, RowOf(args, first + 2, step), unit, sums.OfZ(), h.Z, ref c.Z);
        h.W = Sequence(args, RowOf(args, first + 3, step), unit, sums.OfW(), h.W, ref c.W);
        if (!hasStages)
            cell[unit] = c;
        return h;
    }

    public static int GateCount(StepKind kind) => kind switch
    {
        StepKind.RnnTanh or StepKind.RnnRelu => 1,
        StepKind.Lstm => 4,
        _ => 3,
    };

    private static float Sequence(GroupRecurrentArgs args, int row, int unit, GateSums sums, float h, ref float c)
    {
        if (row < 0)
            return h;
        float result = Next(args, row, unit, sums, h, ref c);
        if (args.Output.IsPresent != 0)
            args.Output.Window.Store(row, unit, result);
        return result;
    }

    public static float Next(GroupRecurrentArgs args, int row, int unit, GateSums sums, float h, ref float c)
    {
        float first = Input(args, row, 0, unit);
        switch (args.Kind)
        {
            case StepKind.RnnTanh:
                return GpuMath.Tanh(first + sums.First);
            case StepKind.RnnRelu:
                float sum = first + sums.First;
                return sum < 0 ? 0 : sum;
            case StepKind.Lstm:
                c = Cell.LstmCell(first + sums.First, Input(args, row, 1, unit) + sums.Second, Input(args, row, 2, unit) + sums.Third, c);
                return Cell.LstmHidden(Input(args, row, 3, unit) + sums.Fourth, c);
            case StepKind.ResetCandidate:
                return Cell.Mix(c, h, GpuMath.Tanh(Input(args, row, 2, unit) + sums.First));
            default:
                return Cell.Gru(
                    args.Kind,
                    first + sums.First,
                    Input(args, row, 1, unit) + sums.Second,
                    Input(args, row, 2, unit),
                    sums.Third + args.Weights.CandidateBias(unit),
                    h,
                    args.Kind == StepKind.Gru ? 0 : args.Attention[row, 0]);
        }
    }

    /// <summary>r * h to <paramref name="cell"/> and z to <paramref name="gate"/>.</summary>
    private static void Gates(
        GroupRecurrentArgs args, int first, int step, int unit, ArrayView<Float4> hidden, ArrayView<Float4> cell, ArrayView<Float4> gate)
    {
        GateSums4 sums = GateSums4.Of(hidden, args.Weights, unit, 0, 2);
        Float4 h = hidden[unit];
        Float4 z = default;
        h.X = Reset(args, RowOf(args, first, step), unit, sums.OfX(), h.X, ref z.X);
        h.Y = Reset(args, RowOf(args, first + 1, step), unit, sums.OfY(), h.Y, ref z.Y);
        h.Z = Reset(args, RowOf(args, first + 2, step), unit, sums.OfZ(), h.Z, ref z.Z);
        h.W = Reset(args, RowOf(args, first + 3, step), unit, sums.OfW(), h.W, ref z.W);
        cell[unit] = h;
        gate[unit] = z;
    }

    public static float Reset(GroupRecurrentArgs args, int row, int unit, GateSums sums, float h, ref float z)
    {
        if (row < 0)
            return h;
        z = GpuMath.Sigmoid(Input(args, row, 1, unit) + sums.Second);
        return GpuMath.Sigmoid(Input(args, row, 0, unit) + sums.First) * h;
    }

    private static float Input(GroupRecurrentArgs args, int row, int gate, int unit) =>
        args.Projected[row, (gate * args.Weights.Size) + unit] + args.Weights.InputBias(gate, unit);
}
