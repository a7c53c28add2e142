using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override RecurrentWeights CreateRecurrentCore(
        RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh) =>
        CpuRecurrent.Create<V>(this, spec, weightIh, weightHh, biasIh, biasHh);

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

        // Whole panels of units, at most two vectors.
        int width = checked(spec.HiddenSize + (2 * V.Width) - 1) / (2 * V.Width) * (2 * V.Width);
        Tensor projected = spec.ProjectedInput ? input : workspace.Take(sequences.RowCount, spec.GateCount * spec.HiddenSize);
        Tensor hidden = workspace.Take(sequences.Count, width);
        Tensor next = workspace.Take(sequences.Count, width);
        Tensor? cell = spec.HasCellState || spec.Cell == RecurrentCell.GruResetFirst ? workspace.Take(sequences.Count, width) : null;
        Indices order = workspace.TakeIndices(sequences.Count);
        Indices rows = workspace.TakeIndices(sequences.Count);
        Indices places = workspace.TakeIndices(sequences.Longest + 1);
        CpuRecurrent layer = (CpuRecurrent)weights;
        Tensor? integers = layer.RoundsState ? workspace.Take(sequences.Count, IntegerRows.Stride(spec.HiddenSize)) : null;
        Tensor? aboutIntegers = layer.RoundsState ? workspace.Take(1, sizeof(IntegerRow) / sizeof(float) * sequences.Count) : null;
        if (!spec.ProjectedInput)
            Project(workspace, input, layer, projected);
        if (workspace.IsPlanning)
            return;

        RecurrentCall call = new()
        {
            Batch = sequences.Count,
            Offsets = Pointer(workspace, sequences.Offsets),
            Longest = sequences.Longest,
            Reverse = spec.Reverse,
            Input = Rows(workspace, projected),
            Attention = Rows(workspace, attention),
            InitialHidden = Rows(workspace, initial.Hidden),
            InitialCell = Rows(workspace, initial.Cell),
            Output = Rows(workspace, output),
            FinalHidden = Rows(workspace, final.Hidden),
            FinalCell = Rows(workspace, final.Cell),
            Hidden = Rows(workspace, hidden),
            NextHidden = Rows(workspace, next),
            Cell = Rows(workspace, cell),
            Integers = Rows(workspace, integers),
            AboutIntegers = (IntegerRow*)Rows(workspace, aboutIntegers).First,
            Order = Pointer(workspace, order),
            Rows = Pointer(workspace, rows),
            Places = Pointer(workspace, places),
        };
        layer.Run(ref call);
        GC.KeepAlive(layer);
    }

    private static void Project(Workspace workspace, Tensor input, CpuRecurrent layer, Tensor projected)
    {
        using WorkspaceFrame frame = workspace.Frame();
        long scratchLength = layer.ProjectionScratchLength(input.RowCount);
        Tensor? scratch = scratchLength == 0 ? null : TakeScratch(workspace, scratchLength);
        if (!workspace.IsPlanning)
            layer.Project(Rows(workspace, input), input.RowCount, Rows(workspace, projected), Rows(workspace, scratch).First);
    }

    private static StridedRows Rows(Workspace workspace, Tensor? tensor) =>
        tensor is { } window ? new StridedRows(Pointer(workspace, window), window.Stride) : default;
}
