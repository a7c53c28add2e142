using ILGPU;

namespace SeqInfer.Gpu.Kernels.Recurrent;

/// <summary>
/// Recurrent layer, version 3: one launch for all steps, the weights on chip from the first to the last. A group has four sequences and a thread for
/// every column of W_hh, which keeps the column's first 64 weights in registers; those of wider states are read at every step from caches
/// that are large enough for them. States lie in shared memory, four of one unit together, which all threads of a warp read at once.
/// Sums have the order of version 1.
/// </summary>
internal static class ColumnRecurrentKernel
{
    /// <summary>The most threads of a group, so that each can have 128 registers.</summary>
    public const int MaxColumns = 512;

    /// <summary>The widest state: half of its weights are on chip.</summary>
    public const int MaxHiddenSize = 2 * ColumnWeights.Count;

    private const int Sequences = GroupRecurrentKernel.SequencesOfGroup;

    public static void Run(GroupRecurrentArgs args)
    {
        // The hidden states, and behind them the cells' states, or r * h
        ArrayView<Float4> states = SharedMemory.Allocate<Float4>(2 * MaxHiddenSize);
        ArrayView<Float4> sums = SharedMemory.Allocate<Float4>(MaxColumns);
        int columns = GroupRecurrentKernel.GateCount(args.Kind) * args.Weights.Size;
        ColumnWeights weights = ColumnWeights.Load(args.Weights, IntrinsicMath.Min(Group.IdxX, columns - 1));
        for (int first = Grid.IdxX * Sequences; first < args.SequenceCount; first += Grid.DimX * Sequences)
            Layer(args, first, columns, weights, states, sums);
    }

    private static void Layer(
        GroupRecurrentArgs args, int first, int columns, ColumnWeights weights, ArrayView<Float4> states, ArrayView<Float4> sums)
    {
        int size = args.Weights.Size;
        ArrayView<float> state = states.Cast<float>();
        for (int i = Group.IdxX; i < Sequences * size; i += Group.DimX)
        {
            int sequence = i / size;
            int unit = i - (sequence * size);
            state[Place(unit, sequence)] = args.InitialHidden.At(args.SequenceCount, first + sequence, unit);
            state[Place(MaxHiddenSize + unit, sequence)] = args.InitialCell.At(args.SequenceCount, first + sequence, unit);
        }

        GpuGroup.Barrier();
        int stages = args.Kind == StepKind.ResetCandidate ? 2 : 1;
        int columnsOfFirst = stages > 1 ? 2 * size : columns;
        int steps = GroupRecurrentKernel.Longest(args, first);
        for (int step = 0; step < steps; step++)
        {
            for (int stage = 0; stage < stages; stage++)
            {
                bool takesPart = stage == 0 ? Group.IdxX < columnsOfFirst : Group.IdxX >= columnsOfFirst && Group.IdxX < columns;
                if (takesPart)
                    sums[Group.IdxX] = weights.Sum(states, stage * MaxHiddenSize, args.Weights, Group.IdxX);
                GpuGroup.Barrier();
                bool isLast = stage == stages - 1;
                for (int i = Group.IdxX; i < Sequences * size; i += Group.DimX)
                {
                    int sequence = i / size;
                    Finish(args, GroupRecurrentKernel.RowOf(args, first + sequence, step), i - (sequence * size), sequence, isLast, state, sums.Cast<float>());
                }

                GpuGroup.Barrier();
            }
        }

        for (int i = Group.IdxX; i < Sequences * size; i += Group.DimX)
        {
            int sequence = i / size;
            int unit = i - (sequence * size);
            args.FinalHidden.Put(args.SequenceCount, first + sequence, unit, state[Place(unit, sequence)]);
            args.FinalCell.Put(args.SequenceCount, first + sequence, unit, state[Place(MaxHiddenSize + unit, sequence)]);
        }

        GpuGroup.Barrier();
    }

    /// <summary>One unit of one sequence from its gates' sums: the new state, or after the first of two stages r * h and z.</summary>
    private static void Finish(
        GroupRecurrentArgs args, int row, int unit, int sequence, bool isLast, ArrayView<float> state, ArrayView<float> sums)
    {
        if (row < 0)
            return;
        int size = args.Weights.Size;
        int hiddenPlace = Place(unit, sequence);
        int cellPlace = Place(MaxHiddenSize + unit, sequence);
        int gatePlace = Place(size + unit, sequence);
        float h = state[hiddenPlace];
        GateSums gates = default;
        if (args.Kind == StepKind.ResetCandidate)
        {
            if (!isLast)
            {
                float z = 0;
                gates.First = sums[hiddenPlace];
                gates.Second = sums[gatePlace];
                state[cellPlace] = GroupRecurrentKernel.Reset(args, row, unit, gates, h, ref z);
                sums[gatePlace] = z;
                return;
            }

            float kept = sums[gatePlace];
            gates.First = sums[Place((2 * size) + unit, sequence)];
            h = GroupRecurrentKernel.Next(args, row, unit, gates, h, ref kept);
        }
        else
        {
            int count = GroupRecurrentKernel.GateCount(args.Kind);
            gates.First = sums[hiddenPlace];
            if (count > 1)
                gates.Second = sums[gatePlace];
            if (count > 2)
                gates.Third = sums[Place((2 * size) + unit, sequence)];
            if (count > 3)
                gates.Fourth = sums[Place((3 * size) + unit, sequence)];
            float c = state[cellPlace];
            h = GroupRecurrentKernel.Next(args, row, unit, gates, h, ref c);
            state[cellPlace] = c;
        }

        state[hiddenPlace] = h;
        if (args.Output.IsPresent != 0)
            args.Output.Window.Store(row, unit, h);
    }

    /// <summary>Where a sequence's number of a unit or column stands.</summary>
    private static int Place(int unit, int sequence) => (unit * Sequences) + sequence;
}
