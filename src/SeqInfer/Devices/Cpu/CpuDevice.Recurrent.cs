using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    // With fewer, reading the weights is most of a step: then its units are shared out, and each thread reads its part only
    private const int SequencesPerThread = 4;

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
        Indices places = workspace.TakeIndices(checked((sequences.Longest + 1) * Threads));
        CpuRecurrent layer = (CpuRecurrent)weights;
        Tensor? integers = layer.RoundsState ? workspace.Take(sequences.Count, IntegerRows.Stride(spec.HiddenSize)) : null;
        Tensor? aboutIntegers = layer.RoundsState ? workspace.Take(1, sizeof(IntegerRow) / sizeof(float) * sequences.Count) : null;
        if (layer.Projection is { } projection)
            LinearCore(workspace, input, projection, projected, default, null);
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
        if (_team is not null && sequences.Count < Threads * SequencesPerThread)
        {
            layer.Run(ref call, new Splitter(this));
        }
        else
        {
            RecurrentJob job = new(layer, call, Threads);
            double macs = (double)sequences.RowCount * spec.GateCount * spec.HiddenSize * spec.HiddenSize;
            Split(ref job, job.Shares.Count, macs * Cost.MultiplyAdd);
        }

        GC.KeepAlive(layer);
    }

    // An item is a share of the sequences
    private readonly struct RecurrentJob(CpuRecurrent layer, RecurrentCall call, int threads) : IParallelJob
    {
        // As many sequences as a step keeps its multiply-adds busy with; fewer shares read the weights less often
        private const int SequencesPerShare = 16;

        public SharePlan Shares => new(call.Offsets, call.Batch, perList: 1, most: Math.Max(threads, call.Batch / SequencesPerShare));

        public void Run(int begin, int end, int worker)
        {
            int first = Shares.First(begin);
            RecurrentCall part = call.Part(first, Shares.First(end) - first, call.Places + ((nint)worker * (call.Longest + 1)));
            layer.Run(ref part, default(NoSplitter));
        }
    }
}
