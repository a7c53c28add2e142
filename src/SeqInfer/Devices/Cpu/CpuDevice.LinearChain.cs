using System.Runtime.CompilerServices;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected internal override object PrepareChain(LinearChain chain) => new CpuChain(chain);

    protected override void LinearChainCore(Workspace workspace, Tensor input, LinearChain chain, Tensor output, Tensor? residual)
    {
        CpuChain layers = Unsafe.As<CpuChain>(chain.Prepared!);
        if (layers.Links.Length == 1)
        {
            LinearCore(workspace, input, layers.Links[0].Layer, output, layers.Links[0].Activation, residual);
            return;
        }

        int rows = input.RowCount;
        int height = Math.Min(rows, layers.BlockRows);
        using WorkspaceFrame frame = workspace.Frame();
        WorkerScratch scratch = TakeWorkerScratch(workspace, layers.ScratchLength(height));
        if (workspace.IsPlanning)
            return;
        LinearOutput target = residual is { } added
            ? new(Pointer(workspace, output), output.Stride, null, Pointer(workspace, added), added.Stride)
            : new(Pointer(workspace, output), output.Stride);
        ChainJob job = new(layers, height, Rows(workspace, input), in target, scratch.In(workspace));
        if (_team is null)
        {
            job.Run(0, rows, 0);
        }
        else
        {
            double cost = 0;
            foreach (CpuChain.Link link in layers.Links)
                cost += CostOf(link.Layer, rows, link.Activation);
            if (cost < _splitFrom || layers.IsSplitByRows(rows, Threads))
                Split(ref job, rows, cost);
            else
                job.RunLayerByLayer(this, rows);
        }

        GC.KeepAlive(chain);
    }

    // An item is a row.
    private readonly struct ChainJob : IParallelJob
    {
        private readonly CpuChain _layers;
        private readonly StridedRows _x;
        private readonly WorkerMemory _memory;
        private readonly nint _back;
        private readonly nint _own;
        private readonly LinearOutput _output;

        public ChainJob(CpuChain layers, int height, StridedRows x, in LinearOutput output, WorkerMemory memory)
        {
            _layers = layers;
            _x = x;
            _memory = memory;
            _back = layers.BackOffset(height);
            _own = layers.LayerScratchOffset(height);
            _output = output;
        }

        public void Run(int begin, int end, int worker)
        {
            int height = _layers.Height(end - begin);
            for (int row = begin; row < end; row += height)
                RunBlock(null, row, Math.Min(height, end - row), _memory.Of(worker));
        }

        /// <summary>Computes all rows; the device's threads share each layer of a block.</summary>
        public void RunLayerByLayer(CpuDevice<V> device, int rows)
        {
            int height = _layers.Height(rows);
            for (int row = 0; row < rows; row += height)
                RunBlock(device, row, Math.Min(height, rows - row), _memory.Of(0));
        }

        private void RunBlock(CpuDevice<V>? sharing, int first, int rows, float* scratch)
        {
            CpuChain.Link[] links = _layers.Links;
            float* from = _x.Row(first);
            nint stride = _x.Stride;
            if (sharing is null && _layers.SmallLinks is { } small && _output.Residual == null)
            {
                float* y = _output.Y + (first * _output.YStride);
                links[0].Layer.RunSmallChain(from, stride, rows, small, scratch, scratch + _back, y, _output.YStride);
                return;
            }

            for (int i = 0; i < links.Length; i++)
            {
                ref readonly CpuChain.Link link = ref links[i];
                float* to = i % 2 == 0 ? scratch : scratch + _back;
                LinearOutput target = i == links.Length - 1 ? _output.At(first, 0) : new(to, link.Stride);
                if (sharing is not null)
                    sharing.Multiply(link.Layer, new(from, stride), rows, in target, link.Activation, new(scratch + _own, _memory.Each));
                else if (link.HasSmallProduct && target.Residual == null)
                    link.Layer.RunSmall(from, stride, rows, target.Y, target.YStride, link.Floor);
                else
                    link.Layer.Run(from, stride, rows, in target, link.Activation, scratch + _own);
                from = to;
                stride = link.Stride;
            }
        }
    }
}
