using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override RecurrentWeights CreateRecurrentCore(
        RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh) =>
        new CpuRecurrent<V>(this, spec, weightIh, weightHh, biasIh, biasHh);

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
        if (workspace.IsPlanning)
            return;

        CpuRecurrent<V> layer = (CpuRecurrent<V>)weights;
        if (layer.Projection is not null)
        {
            LinearOutput target = new(Pointer(workspace, projected), projected.Stride);
            layer.Projection.Run(Pointer(workspace, input), input.Stride, input.RowCount, in target, default(Identity));
        }

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
            Order = Pointer(workspace, order),
            Rows = Pointer(workspace, rows),
            Places = Pointer(workspace, places),
        };
        switch (spec.Cell)
        {
            case RecurrentCell.RnnTanh:
                RecurrentKernel<V, Float32Storage>.Run<RnnCell<Tanh>>(ref call, layer.Cell);
                break;
            case RecurrentCell.RnnRelu:
                RecurrentKernel<V, Float32Storage>.Run<RnnCell<Relu>>(ref call, layer.Cell);
                break;
            case RecurrentCell.Lstm:
                RecurrentKernel<V, Float32Storage>.Run<LstmCell>(ref call, layer.Cell);
                break;
            case RecurrentCell.Gru:
                RecurrentKernel<V, Float32Storage>.Run<GruCell>(ref call, layer.Cell);
                break;
            case RecurrentCell.GruResetFirst:
                RecurrentKernel<V, Float32Storage>.Run<ResetFirstGates, ResetFirstCandidate>(ref call, layer.Cell, layer.Candidate);
                break;
            case RecurrentCell.AttentionalUpdateGru:
                RecurrentKernel<V, Float32Storage>.Run<AttentionalUpdateGruCell>(ref call, layer.Cell);
                break;
            case RecurrentCell.AttentionGru:
                RecurrentKernel<V, Float32Storage>.Run<AttentionGruCell>(ref call, layer.Cell);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(weights), spec.Cell, "Not a cell of the CPU kernels.");
        }

        GC.KeepAlive(layer);
    }

    private static StridedRows Rows(Workspace workspace, Tensor? tensor) =>
        tensor is { } window ? new StridedRows(Pointer(workspace, window), window.Stride) : default;
}
