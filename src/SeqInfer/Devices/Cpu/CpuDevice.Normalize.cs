using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    // The smallest length whose reciprocal is finite: shorter rows, zeros among them, are scaled by its reciprocal
    private const float SmallestLength = 1.17549435e-38f;

    protected override LayerNormWeights CreateLayerNormCore(Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind) =>
        new CpuLayerNorm(this, gamma, beta, epsilon, kind);

    protected override VectorWeights CreateVectorCore(Parameter values) => new CpuVector(this, values);

    protected override void LayerNormCore(Workspace workspace, Tensor input, LayerNormWeights weights, Tensor output, Tensor? residual)
    {
        LayerNormJob job = new(
            ((CpuLayerNorm)weights).Parameters, Rows(workspace, input), Rows(workspace, residual), Rows(workspace, output), output.ColumnCount);
        Split(ref job, output.RowCount, output.ElementCount * Cost.Normalize);
    }

    protected override void ScaleShiftCore(Workspace workspace, Tensor input, VectorWeights scale, VectorWeights shift, Tensor output)
    {
        ScaleShiftJob job = new(
            Rows(workspace, input), ((CpuVector)scale).Pointer, ((CpuVector)shift).Pointer, Rows(workspace, output), output.ColumnCount);
        Split(ref job, output.RowCount, output.ElementCount * Cost.Simple);
    }

    protected override void NormalizeL2Core(Workspace workspace, Tensor input, Tensor output)
    {
        NormalizeL2Job job = new(Rows(workspace, input), Rows(workspace, output), output.ColumnCount);
        Split(ref job, output.RowCount, output.ElementCount * Cost.Normalize);
    }

    protected override void SoftmaxCore(Workspace workspace, Tensor input, Tensor output, bool log)
    {
        SoftmaxJob job = new(Rows(workspace, input), Rows(workspace, output), output.ColumnCount, log);
        Split(ref job, output.RowCount, output.ElementCount * Cost.Softmax);
    }

    private readonly struct LayerNormJob(LayerNormParameters parameters, StridedRows x, StridedRows residual, StridedRows y, int columns)
        : IParallelJob
    {
        public void Run(int begin, int end, int worker)
        {
            float* target = y.Row(begin);
            int rows = end - begin;
            if (residual.IsNull)
            {
                LayerNormKernel.Rows<V>(x.Row(begin), x.Stride, target, y.Stride, rows, columns, parameters);
                return;
            }

            LayerNormKernel.ResidualRows<V>(
                x.Row(begin), x.Stride, residual.Row(begin), residual.Stride, target, y.Stride, target, y.Stride, rows, columns, parameters);
        }
    }

    private readonly struct ScaleShiftJob(StridedRows x, float* scale, float* shift, StridedRows y, int columns) : IParallelJob
    {
        public void Run(int begin, int end, int worker) =>
            Elementwise.ScaleShiftRows<V>(x.Row(begin), x.Stride, scale, shift, y.Row(begin), y.Stride, end - begin, columns);
    }

    private readonly struct NormalizeL2Job(StridedRows x, StridedRows y, int columns) : IParallelJob
    {
        public void Run(int begin, int end, int worker) =>
            L2NormalizeKernel.Rows<V>(x.Row(begin), x.Stride, y.Row(begin), y.Stride, end - begin, columns, SmallestLength);
    }

    private readonly struct SoftmaxJob(StridedRows x, StridedRows y, int columns, bool log) : IParallelJob
    {
        public void Run(int begin, int end, int worker)
        {
            if (log) LogSoftmaxKernel.Rows<V>(x.Row(begin), x.Stride, y.Row(begin), y.Stride, end - begin, columns);
            else SoftmaxKernel.Rows<V>(x.Row(begin), x.Stride, y.Row(begin), y.Stride, end - begin, columns);
        }
    }
}
