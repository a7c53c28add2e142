using SeqInfer.Kernels;
using SeqInfer.Kernels.Attention;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override void AttentionCore(
        Workspace workspace, Tensor query, Tensor key, Tensor value, in AttentionSpec spec, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int headSize = query.ColumnCount / spec.HeadCount;
        WorkerScratch panels = TakeWorkerScratch(workspace, spec.SharesKeys ? 0 : Panel<V>.SizeFor(spec.Keys.Longest, headSize));
        WorkerScratch scratch = TakeWorkerScratch(workspace, AttentionKernel<V>.ScratchFor(headSize));
        PrefixWindows prefix = TakePrefix(workspace, spec, key.ColumnCount, headSize);
        if (workspace.IsPlanning)
            return;

        AttentionHead head = new()
        {
            QueryStride = query.Stride,
            KeyStride = key.Stride,
            ValueStride = value.Stride,
            OutputStride = output.Stride,
            HeadSize = headSize,
            Scale = spec.Scale,
            Causal = spec.Causal,
        };
        AttentionJob job = new(head, spec.HeadCount, PackPrefix(workspace, spec, prefix, headSize))
        {
            Query = Rows(workspace, query),
            Key = Rows(workspace, key),
            Value = Rows(workspace, value),
            Output = Rows(workspace, output),
            QueryOffsets = Pointer(workspace, spec.Queries.Offsets),
            KeyOffsets = Pointer(workspace, spec.Keys.Offsets),
            PrefixCounts = spec.Prefix is { } counted ? Pointer(workspace, counted.Counts) : null,
            SharesKeys = spec.SharesKeys,
            RepeatedPrefix = spec.Prefix is { Repeated: true },
            Panels = panels.In(workspace),
            Scratch = scratch.In(workspace),
        };
        double pairs = (double)query.RowCount * key.RowCount / Math.Max(1, spec.Queries.Count);
        double cost = pairs * ((2 * query.ColumnCount * Cost.MultiplyAdd) + (spec.HeadCount * Cost.Softmax));
        Split(ref job, checked(spec.Queries.Count * (spec.SharesKeys ? 1 : spec.HeadCount)), cost + (key.ElementCount * Cost.Simple));
    }

    private static PrefixWindows TakePrefix(Workspace workspace, in AttentionSpec spec, int columns, int headSize)
    {
        if (spec.Prefix is not { } prefix)
            return default;
        int rows = prefix.Keys.RowCount;
        return new PrefixWindows(
            spec.SharesKeys ? workspace.Take(rows, columns) : TakeScratch(workspace, checked(spec.HeadCount * Panel<V>.SizeFor(rows, headSize))),
            workspace.Take(rows, columns),
            workspace.TakeIndices(rows));
    }

    /// <summary>Widens the prefix rows to floats and packs their keys for every head, as many as the batch asks for.</summary>
    private static PrefixRows PackPrefix(Workspace workspace, in AttentionSpec spec, PrefixWindows windows, int headSize)
    {
        if (spec.Prefix is not { } prefix)
            return default;
        int most = 0;
        foreach (int count in workspace.Span(prefix.Counts))
            most = Math.Max(most, count);
        if (most == 0)
            return default;
        int rows = prefix.Repeated ? 1 : most;
        Span<int> ids = workspace.Span(windows.Ids);
        for (int row = 0; row < rows; row++)
            ids[row] = row;

        float* floats = Pointer(workspace, windows.Rows);
        float* panels = Pointer(workspace, windows.Keys);
        nint panelSize = (nint)Panel<V>.SizeFor(rows, headSize);
        if (spec.SharesKeys)
        {
            LookUp((CpuTable)prefix.Keys, Pointer(workspace, windows.Ids), rows, 1, null, null, panels, windows.Rows.Stride);
            LookUp((CpuTable)prefix.Values, Pointer(workspace, windows.Ids), rows, 1, null, null, floats, windows.Rows.Stride);
            return new PrefixRows { Keys = panels, Values = floats, ValueStride = windows.Rows.Stride };
        }

        // The keys are only needed until they are packed; the values take their place
        LookUp((CpuTable)prefix.Keys, Pointer(workspace, windows.Ids), rows, 1, null, null, floats, windows.Rows.Stride);
        for (int h = 0; h < spec.HeadCount; h++)
            KeyPanels<V>.Pack(floats + (h * headSize), windows.Rows.Stride, rows, headSize, panels + (h * panelSize));
        LookUp((CpuTable)prefix.Values, Pointer(workspace, windows.Ids), rows, 1, null, null, floats, windows.Rows.Stride);
        return new PrefixRows { Panels = panels, PanelSize = panelSize, Values = floats, ValueStride = windows.Rows.Stride };
    }

    private readonly record struct PrefixWindows(Tensor Keys, Tensor Rows, Indices Ids);

    private struct PrefixRows
    {
        public float* Panels;
        public float* Keys;
        public nint PanelSize;
        public float* Values;
        public nint ValueStride;
    }

    // An item is one head of one sequence; where heads share keys, all heads of one sequence
    private readonly struct AttentionJob(AttentionHead common, int heads, PrefixRows prefix) : IParallelJob
    {
        public StridedRows Query { get; init; }

        public StridedRows Key { get; init; }

        public StridedRows Value { get; init; }

        public StridedRows Output { get; init; }

        public int* QueryOffsets { get; init; }

        public int* KeyOffsets { get; init; }

        public int* PrefixCounts { get; init; }

        public bool RepeatedPrefix { get; init; }

        public bool SharesKeys { get; init; }

        public WorkerMemory Panels { get; init; }

        public WorkerMemory Scratch { get; init; }

        public void Run(int begin, int end, int worker)
        {
            AttentionHead head = common;
            head.KeyPanels = SharesKeys ? null : Panels.Of(worker);
            float* scratch = Scratch.Of(worker);
            int keyHeads = SharesKeys ? 1 : heads;
            for (int item = begin; item < end; item++)
            {
                (int s, int h) = Math.DivRem(item, keyHeads);
                head.QueryCount = QueryOffsets[s + 1] - QueryOffsets[s];
                head.KeyCount = KeyOffsets[s + 1] - KeyOffsets[s];
                if (head.QueryCount == 0)
                    continue;
                SetPrefix(s, h, ref head);
                int column = h * head.HeadSize;
                head.Key = Key.Row(KeyOffsets[s]) + column;
                head.Query = Query.Row(QueryOffsets[s]) + column;
                head.Value = Value.Row(KeyOffsets[s]) + column;
                head.Output = Output.Row(QueryOffsets[s]) + column;
                if (SharesKeys)
                {
                    RunShared(head, heads, scratch);
                    continue;
                }

                KeyPanels<V>.Pack(head.Key, Key.Stride, head.KeyCount, head.HeadSize, head.KeyPanels);
                AttentionKernel<V>.Run(head, scratch);
            }
        }

        // The heads of one query are queries of the same keys: the kernel takes them together
        private static void RunShared(AttentionHead head, int heads, float* scratch)
        {
            if (head.QueryCount == 1)
            {
                head.QueryCount = heads;
                head.QueryStride = head.HeadSize;
                head.OutputStride = head.HeadSize;
                head.Causal = false;
                AttentionKernel<V>.Run(head, scratch);
                return;
            }

            for (int h = 0; h < heads; h++, head.Query += head.HeadSize, head.Output += head.HeadSize)
                AttentionKernel<V>.Run(head, scratch);
        }

        // A repeated prefix is one key with a multiplicity; the others count once
        private void SetPrefix(int sequence, int h, ref AttentionHead head)
        {
            int count = PrefixCounts == null ? 0 : PrefixCounts[sequence];
            head.PrefixCount = RepeatedPrefix ? Math.Min(count, 1) : count;
            head.PrefixMultiplicity = RepeatedPrefix ? count : 1;
            head.PrefixPanels = prefix.Panels + (h * prefix.PanelSize);
            head.PrefixKey = prefix.Keys + (h * head.HeadSize);
            head.PrefixKeyStride = prefix.ValueStride;
            head.PrefixValue = prefix.Values + (h * head.HeadSize);
            head.PrefixValueStride = prefix.ValueStride;
        }
    }
}
