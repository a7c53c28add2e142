using SeqInfer.Kernels.Attention;
using SeqInfer.Kernels.Panels;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override void AttentionCore(
        Workspace workspace, Tensor query, Tensor key, Tensor value, in AttentionSpec spec, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int headSize = query.ColumnCount / spec.HeadCount;
        Tensor panels = TakeScratch(workspace, Panel<V>.SizeFor(spec.Keys.Longest, headSize));
        Tensor scratch = TakeScratch(workspace, AttentionKernel<V>.ScratchFor(headSize));
        PrefixWindows prefix = TakePrefix(workspace, spec, query.ColumnCount, headSize);
        if (workspace.IsPlanning)
            return;

        AttentionHead head = new()
        {
            QueryStride = query.Stride,
            KeyPanels = Pointer(workspace, panels),
            ValueStride = value.Stride,
            OutputStride = output.Stride,
            HeadSize = headSize,
            Scale = spec.Scale,
            Causal = spec.Causal,
        };
        PrefixRows prefixRows = PackPrefix(workspace, spec, prefix, headSize);
        ReadOnlySpan<int> queryOffsets = workspace.Span(spec.Queries.Offsets);
        ReadOnlySpan<int> keyOffsets = workspace.Span(spec.Keys.Offsets);
        for (int s = 0; s < spec.Queries.Count; s++)
        {
            head.QueryCount = queryOffsets[s + 1] - queryOffsets[s];
            head.KeyCount = keyOffsets[s + 1] - keyOffsets[s];
            if (head.QueryCount == 0)
                continue;
            SetPrefixCount(workspace, spec, s, ref head);
            Tensor queries = query.Rows(queryOffsets[s], head.QueryCount);
            Tensor keys = key.Rows(keyOffsets[s], head.KeyCount);
            Tensor values = value.Rows(keyOffsets[s], head.KeyCount);
            Tensor outputs = output.Rows(queryOffsets[s], head.QueryCount);
            for (int h = 0; h < spec.HeadCount; h++)
            {
                int column = h * headSize;
                KeyPanels<V>.Pack(Pointer(workspace, keys) + column, key.Stride, head.KeyCount, headSize, head.KeyPanels);
                head.Query = Pointer(workspace, queries) + column;
                head.Value = Pointer(workspace, values) + column;
                head.Output = Pointer(workspace, outputs) + column;
                head.PrefixPanels = prefixRows.Panels + (h * prefixRows.PanelSize);
                head.PrefixValue = prefixRows.Values + column;
                head.PrefixValueStride = prefixRows.ValueStride;
                AttentionKernel<V>.Run(head, Pointer(workspace, scratch));
            }
        }
    }

    /// <summary>A repeated prefix is one key with a multiplicity; the others count once.</summary>
    private static void SetPrefixCount(Workspace workspace, in AttentionSpec spec, int sequence, ref AttentionHead head)
    {
        int count = spec.Prefix is { } prefix ? workspace.Span(prefix.Counts)[sequence] : 0;
        bool repeated = spec.Prefix is { Repeated: true };
        head.PrefixCount = repeated ? Math.Min(count, 1) : count;
        head.PrefixMultiplicity = repeated ? count : 1;
    }

    private static PrefixWindows TakePrefix(Workspace workspace, in AttentionSpec spec, int hidden, int headSize)
    {
        if (spec.Prefix is not { } prefix)
            return default;
        int rows = prefix.Keys.RowCount;
        return new PrefixWindows(
            TakeScratch(workspace, checked(spec.HeadCount * Panel<V>.SizeFor(rows, headSize))),
            workspace.Take(rows, hidden),
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

        // The keys are only needed until they are packed; the values take their place
        float* floats = Pointer(workspace, windows.Rows);
        float* panels = Pointer(workspace, windows.Panels);
        nint panelSize = (nint)Panel<V>.SizeFor(rows, headSize);
        LookUp((CpuTable)prefix.Keys, Pointer(workspace, windows.Ids), rows, 1, null, null, floats, windows.Rows.Stride);
        for (int h = 0; h < spec.HeadCount; h++)
            KeyPanels<V>.Pack(floats + (h * headSize), windows.Rows.Stride, rows, headSize, panels + (h * panelSize));
        LookUp((CpuTable)prefix.Values, Pointer(workspace, windows.Ids), rows, 1, null, null, floats, windows.Rows.Stride);
        return new PrefixRows { Panels = panels, PanelSize = panelSize, Values = floats, ValueStride = windows.Rows.Stride };
    }

    private readonly record struct PrefixWindows(Tensor Panels, Tensor Rows, Indices Ids);

    private struct PrefixRows
    {
        public float* Panels;
        public nint PanelSize;
        public float* Values;
        public nint ValueStride;
    }
}
