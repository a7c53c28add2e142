using SeqInfer.Kernels;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override void LinearChainCore(Workspace workspace, Tensor input, LinearChain chain, Tensor output, Tensor? residual)
    {
        if (chain.Stages.Length == 1)
        {
            (LinearWeights weights, Activation activation) = chain.Stages[0];
            LinearCore(workspace, input, weights, output, activation, residual);
            return;
        }

        int rows = input.RowCount;
        ChainPlan plan = new(chain, rows);
        using WorkspaceFrame frame = workspace.Frame();
        WorkerScratch scratch = TakeWorkerScratch(workspace, plan.ScratchLength);
        if (workspace.IsPlanning)
            return;
        LinearOutput target = residual is { } added
            ? new(Pointer(workspace, output), output.Stride, null, Pointer(workspace, added), added.Stride)
            : new(Pointer(workspace, output), output.Stride);
        ChainJob job = new(this, chain, plan, Rows(workspace, input), target, scratch.In(workspace));
        if (_team is null || plan.Cost < _splitFrom)
            job.Run(0, rows, 0);
        else if (plan.IsSplitByRows(Threads))
            Split(ref job, rows, plan.Cost);
        else
            job.RunLayerByLayer(rows);
        GC.KeepAlive(chain);
    }

    /// <summary>How many rows go through a chain together, what they need and what they cost.</summary>
    private readonly struct ChainPlan
    {
        // Bytes of results between layers that stay in a second-level cache; of wide layers more, as all weights pass over each block of rows.
        private const int BlockBytes = 128 * 1024;
        private const int MinBlockRows = 112;

        // Blocks of whole tiles.
        private const int RowGranularity = 14;

        // With fewer rows each, or more weights than a second-level cache holds, threads share every layer instead of the rows.
        private const int MinRowsEach = 4;
        private const int MaxWeights = 128 * 1024;

        private readonly int _rows;
        private readonly long _weights;

        public ChainPlan(LinearChain chain, int rows)
        {
            _rows = rows;
            long rowLength = Workspace.ElementsOf(1, Math.Max(chain.WidestInside, 1));
            long most = BlockBytes / (2 * sizeof(float) * rowLength) / RowGranularity * RowGranularity;
            BlockRows = (int)Math.Max(most, MinBlockRows);
            int height = Math.Min(rows, BlockRows);
            BackOffset = (nint)(height * rowLength);
            IntegersOffset = chain.Stages.Length > 2 ? 2 * BackOffset : BackOffset;
            long integers = 0;
            foreach (LinearStage stage in chain.Stages)
            {
                CpuLinear layer = (CpuLinear)stage.Weights;
                integers = Math.Max(integers, layer.ScratchLength(height));
                _weights += (long)layer.InputSize * layer.OutputSize;
                Cost += CostOf(layer, rows, stage.Activation);
            }

            ScratchLength = IntegersOffset + integers;
        }

        /// <summary>Rows of a block at most.</summary>
        public int BlockRows { get; }

        /// <summary>Where the results of every second layer lie in a thread's scratch, behind those of the others.</summary>
        public nint BackOffset { get; }

        /// <summary>Where a layer's own scratch lies behind them.</summary>
        public nint IntegersOffset { get; }

        /// <summary>Floats of scratch for a thread.</summary>
        public long ScratchLength { get; }

        /// <summary>Nanoseconds of one thread.</summary>
        public double Cost { get; }

        /// <summary>Rows in whole tiles.</summary>
        public static int RoundUp(int rows) => (rows + RowGranularity - 1) / RowGranularity * RowGranularity;

        /// <summary>Whether each thread takes some rows through all layers.</summary>
        public bool IsSplitByRows(int threads) => _rows >= MinRowsEach * threads && (_weights <= MaxWeights || _rows >= BlockRows * threads);
    }

    // An item is a row.
    private readonly struct ChainJob(
        CpuDevice<V> device, LinearChain chain, ChainPlan plan, StridedRows x, LinearOutput output, WorkerMemory memory) : IParallelJob
    {
        public void Run(int begin, int end, int worker)
        {
            float* scratch = memory.Of(worker);
            int height = Height(end - begin);
            for (int row = begin; row < end; row += height)
                RunBlock(row, Math.Min(height, end - row), scratch, isShared: false);
        }

        /// <summary>Computes all rows; the device's threads share each layer of a block.</summary>
        public void RunLayerByLayer(int rows)
        {
            int height = Height(rows);
            for (int row = 0; row < rows; row += height)
                RunBlock(row, Math.Min(height, rows - row), memory.Of(0), isShared: true);
        }

        // Blocks of nearly equal height, whole tiles as far as possible.
        private int Height(int rows)
        {
            if (rows <= plan.BlockRows)
                return rows;
            int blocks = (rows + plan.BlockRows - 1) / plan.BlockRows;
            return ChainPlan.RoundUp((rows + blocks - 1) / blocks);
        }

        private void RunBlock(int first, int rows, float* scratch, bool isShared)
        {
            StridedRows from = x.From(first);
            int last = chain.Stages.Length - 1;
            for (int i = 0; i <= last; i++)
            {
                (LinearWeights weights, Activation activation) = chain.Stages[i];
                CpuLinear layer = (CpuLinear)weights;
                StridedRows next = new(i % 2 == 0 ? scratch : scratch + plan.BackOffset, (nint)Workspace.ElementsOf(1, layer.OutputSize));
                LinearOutput target = i == last ? output.At(first, 0) : new(next.First, next.Stride);
                if (isShared)
                    device.Multiply(layer, from, rows, in target, activation, new StridedRows(memory.Of(0) + plan.IntegersOffset, memory.Each));
                else
                    layer.Run(from.First, from.Stride, rows, in target, activation, scratch + plan.IntegersOffset);
                from = next;
            }
        }
    }
}
