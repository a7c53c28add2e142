using SeqInfer.Kernels;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override LinearWeights CreateLinearCore(Parameter weight, Parameter? bias) => new CpuLinear<V>(this, weight, bias);

    protected override void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual)
    {
        if (workspace.IsPlanning)
            return;
        LinearOutput target = residual is { } added
            ? new(Pointer(workspace, output), output.Stride, null, Pointer(workspace, added), added.Stride)
            : new(Pointer(workspace, output), output.Stride);
        ActivationDispatch.Visit(
            activation, new LinearVisitor(this, ((CpuLinear<V>)weights).Packed, Rows(workspace, input), input.RowCount, target));
        GC.KeepAlive(weights);
    }

    /// <summary>y = activation(x W^T + b) + residual, shared out by rows, or by columns where reading the weights is most of the work.</summary>
    private void Multiply<TOp>(PackedLinear<V, Float32Storage> packed, StridedRows x, int rows, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        double weights = (double)packed.Depth * packed.Units;
        double cost = (weights * (Cost.Weight + (rows * Cost.MultiplyAdd))) + ((double)rows * packed.Units * Cost.Of<TOp>());
        if (_team is null || cost < _splitFrom)
        {
            packed.Run(x.First, x.Stride, rows, in output, op);
            return;
        }

        LinearJob<TOp> job = new(packed, x, rows, output, op);
        Split(ref job, job.ItemCount, cost);
    }

    private readonly struct LinearVisitor(
        CpuDevice<V> device, PackedLinear<V, Float32Storage> packed, StridedRows x, int rows, LinearOutput output)
        : IActivationVisitor
    {
        public void Visit<TOp>(TOp op)
            where TOp : struct, IUnaryOp => device.Multiply(packed, x, rows, in output, op);
    }

    // An item is a row, or some neighbouring panels for all rows
    private readonly struct LinearJob<TOp>(PackedLinear<V, Float32Storage> packed, StridedRows x, int rows, LinearOutput output, TOp op)
        : IParallelJob
        where TOp : struct, IUnaryOp
    {
        // Matrices that do not stay in a second-level cache beside the rows: each thread reads a part of them instead of all
        private const int LargeMatrix = 64 * 1024;

        // What few rows take together: see MatrixProduct
        private const int PanelGroup = 4;

        private readonly bool _byPanels = packed.PanelCount > PanelGroup
            && (rows < packed.PanelCount || (long)packed.Depth * packed.Units > LargeMatrix);

        private readonly int _group = rows < 3 ? PanelGroup : 1;

        public int ItemCount => _byPanels ? (packed.PanelCount + _group - 1) / _group : rows;

        public void Run(int begin, int end, int worker)
        {
            if (_byPanels)
            {
                int first = begin * _group;
                packed.RunPanels(x.First, x.Stride, rows, first, Math.Min(end * _group, packed.PanelCount) - first, in output, op);
                return;
            }

            LinearOutput target = output.At(begin, 0);
            packed.Run(x.Row(begin), x.Stride, end - begin, in target, op);
        }
    }
}
