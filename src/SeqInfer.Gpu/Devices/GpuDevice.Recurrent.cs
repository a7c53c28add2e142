using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Elementwise;
using SeqInfer.Gpu.Kernels.Gemm;
using SeqInfer.Gpu.Kernels.Recurrent;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    // Groups of whole warps
    private const int WarpSize = 32;

    /// <inheritdoc/>
    protected override void RecurrentCore(
        Workspace workspace,
        Tensor input,
        RecurrentWeights weights,
        Ragged sequences,
        RecurrentState initial,
        Tensor? output,
        RecurrentState final,
        Tensor? attention)
    {
        using WorkspaceFrame frame = workspace.Frame();
        RecurrentSpec spec = weights.Spec;
        Tensor projected = spec.ProjectedInput ? input : workspace.Take(sequences.RowCount, spec.GateCount * spec.HiddenSize);
        if (spec.HiddenSize <= GroupRecurrentKernel.MaxHiddenSize && Kernels.Groups is { } groups)
        {
            if (!workspace.IsPlanning)
                RunLayer(Bind(workspace), groups, (GpuRecurrent)weights, input, projected, sequences, initial, output, final, attention);
            return;
        }

        Tensor hidden = workspace.Take(sequences.Count, spec.HiddenSize);
        Tensor next = workspace.Take(sequences.Count, spec.HiddenSize);

        // c of an LSTM; r * h and z of the cell in two stages
        bool hasStages = spec.Cell == RecurrentCell.GruResetFirst;
        Tensor? cell = spec.HasCellState || hasStages ? workspace.Take(sequences.Count, hasStages ? 2 * spec.HiddenSize : spec.HiddenSize) : null;
        if (workspace.IsPlanning)
            return;

        GpuWorkspace arena = Bind(workspace);
        GpuRecurrent layer = (GpuRecurrent)weights;
        Project(arena, layer, input, projected);
        SetState(arena, initial.Hidden, hidden);
        if (spec.HasCellState)
            SetState(arena, initial.Cell, cell!.Value);
        StepRows rows = new(arena.Send(sequences), spec.Reverse ? 1 : 0);
        RecurrentWeightsView view = layer.View;
        for (int step = 0; step < sequences.Longest; step++)
        {
            if (hasStages)
                LaunchStep(StepKind.ResetGates);
            LaunchStep(KindOf(spec.Cell));
            (hidden, next) = (next, hidden);

            void LaunchStep(StepKind kind) => Launch(arena, Kernels.RecurrentStep, hidden, new RecurrentStepBody(
                kind,
                step,
                rows,
                view,
                arena.Window(projected),
                arena.Window(attention),
                arena.Window(hidden),
                arena.Window(next),
                arena.Window(cell),
                output is null ? 0 : 1,
                arena.Window(output)));
        }

        if (final.Hidden is { } lastHidden)
            Apply(arena, hidden, Activation.None, lastHidden);
        if (final.Cell is { } lastCell)
            Apply(arena, cell!.Value, Activation.None, lastCell);
    }

    /// <summary>All steps in one launch.</summary>
    private void RunLayer(
        GpuWorkspace arena,
        GroupKernelTable groups,
        GpuRecurrent layer,
        Tensor input,
        Tensor projected,
        Ragged sequences,
        RecurrentState initial,
        Tensor? output,
        RecurrentState final,
        Tensor? attention)
    {
        Project(arena, layer, input, projected);
        GroupRecurrentArgs args = new(
            KindOf(layer.Spec.Cell),
            sequences.Count,
            new StepRows(arena.Send(sequences), layer.Spec.Reverse ? 1 : 0),
            layer.View,
            arena.Window(projected),
            arena.Window(attention),
            arena.Optional(initial.Hidden),
            arena.Optional(initial.Cell),
            arena.Optional(output),
            arena.Optional(final.Hidden),
            arena.Optional(final.Cell));
        int groupCount = Math.Min(DivideUp(sequences.Count, GroupRecurrentKernel.SequencesOfGroup), MaxGroupsX);
        int columns = layer.Spec.GateCount * layer.Spec.HiddenSize;
        bool isOnChip = layer.Spec.HiddenSize <= ColumnRecurrentKernel.MaxHiddenSize && columns <= runtime.ColumnThreads;
        if (isOnChip)
            groups.ColumnRecurrent.Launch(arena.Stream, new ILGPU.Index2D(groupCount, 1), DivideUp(columns, WarpSize) * WarpSize, args);
        else
            groups.Recurrent.Launch(arena.Stream, new ILGPU.Index2D(groupCount, 1), runtime.GroupSize, args);
    }

    private void Project(GpuWorkspace arena, GpuRecurrent layer, Tensor input, Tensor projected)
    {
        if (layer.Projection is { } projection && !projected.IsEmpty)
            Layer(arena, input, projection, new Epilogue(ActivationKind.None, 0, 0, arena.Window(null), arena.Window(projected)), projected);
    }

    private static StepKind KindOf(RecurrentCell cell) => cell switch
    {
        RecurrentCell.RnnTanh => StepKind.RnnTanh,
        RecurrentCell.RnnRelu => StepKind.RnnRelu,
        RecurrentCell.Lstm => StepKind.Lstm,
        RecurrentCell.Gru => StepKind.Gru,
        RecurrentCell.GruResetFirst => StepKind.ResetCandidate,
        RecurrentCell.AttentionalUpdateGru => StepKind.AttentionalUpdateGru,
        RecurrentCell.AttentionGru => StepKind.AttentionGru,
        _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, null),
    };

    private void SetState(GpuWorkspace arena, Tensor? initial, Tensor state)
    {
        if (initial is { } given)
            Apply(arena, given, Activation.None, state);
        else
            Launch(arena, Kernels.Fill, state, new FillBody(0, arena.Window(state)));
    }
}
