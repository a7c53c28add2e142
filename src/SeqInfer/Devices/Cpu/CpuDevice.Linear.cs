using SeqInfer.Kernels;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override LinearWeights CreateLinearCore(Parameter weight, Parameter? bias) => CpuLinear.Create<V>(this, weight, bias);

    protected override void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual)
    {
        CpuLinear layer = (CpuLinear)weights;
        long scratchLength = layer.ScratchLength(input.RowCount);
        if (scratchLength == 0)
        {
            if (!workspace.IsPlanning)
                Multiply(workspace, input, layer, output, activation, residual, default);
            return;
        }

        using WorkspaceFrame frame = workspace.Frame();
        Tensor scratch = TakeScratch(workspace, checked(scratchLength * Threads));
        if (!workspace.IsPlanning)
            Multiply(workspace, input, layer, output, activation, residual, new StridedRows(Pointer(workspace, scratch), (nint)scratchLength));
    }

    private void Multiply(
        Workspace workspace, Tensor input, CpuLinear layer, Tensor output, Activation activation, Tensor? residual, StridedRows scratch)
    {
        LinearOutput target = residual is { } added
            ? new(Pointer(workspace, output), output.Stride, null, Pointer(workspace, added), added.Stride)
            : new(Pointer(workspace, output), output.Stride);
        Multiply(layer, Rows(workspace, input), input.RowCount, in target, activation, scratch);
        GC.KeepAlive(layer);
    }

    /// <summary>
    /// y = activation(x W^T + b) + residual, shared out by rows, or by columns where reading the weights is most of the work. A row of scratch
    /// for each thread.
    /// </summary>
    private void Multiply(CpuLinear layer, StridedRows x, int rows, in LinearOutput output, Activation activation, StridedRows scratch)
    {
        double cost = CostOf(layer, rows, activation);
        if (_team is null || cost < _splitFrom)
        {
            layer.Run(x.First, x.Stride, rows, in output, activation, scratch.First);
            return;
        }

        LinearJob job = new(layer, x, rows, output, activation, scratch);
        Split(ref job, job.ItemCount, cost);
    }

    // About how long one thread takes, in nanoseconds.
    private static double CostOf(CpuLinear layer, int rows, Activation activation)
    {
        double weights = (double)layer.InputSize * layer.OutputSize;
        return (weights * (Cost.Weight + (rows * Cost.MultiplyAdd))) + ((double)rows * layer.OutputSize * Cost.Of(activation.Kind));
    }

    // An item is a row, or some neighbouring panels for all rows
    private readonly struct LinearJob(CpuLinear layer, StridedRows x, int rows, LinearOutput output, Activation activation, StridedRows scratch)
        : IParallelJob
    {
        // Matrices that do not stay in a second-level cache beside the rows: each thread reads a part of them instead of all
        private const int LargeMatrix = 64 * 1024;

        // What few rows take together: see MatrixProduct
        private const int PanelGroup = 4;

        private readonly bool _byPanels = layer.PanelCount > PanelGroup
            && (rows < layer.PanelCount || (long)layer.InputSize * layer.OutputSize > LargeMatrix);

        private readonly int _group = rows < 3 ? PanelGroup : 1;

        public int ItemCount => _byPanels ? (layer.PanelCount + _group - 1) / _group : rows;

        public void Run(int begin, int end, int worker)
        {
            if (_byPanels)
            {
                int first = begin * _group;
                int count = Math.Min(end * _group, layer.PanelCount) - first;
                layer.RunPanels(x.First, x.Stride, rows, first, count, in output, activation, scratch.Row(worker));
                return;
            }

            LinearOutput target = output.At(begin, 0);
            layer.Run(x.Row(begin), x.Stride, end - begin, in target, activation, scratch.Row(worker));
        }
    }
}
