using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels;
using SeqInfer.Gpu.Kernels.Attention;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    /// <inheritdoc/>
    protected override void AttentionCore(
        Workspace workspace, Tensor query, Tensor key, Tensor value, in AttentionSpec spec, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();

        // The plain kernel adds up in the output and reads the query to the end
        bool isInPlace = query == output;
        Tensor source = isInPlace ? workspace.Take(query.RowCount, query.ColumnCount) : query;
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        if (isInPlace)
            Apply(arena, query, Activation.None, source);
        AttentionOperands operands = new(
            arena.Window(source),
            arena.Window(key),
            arena.Window(value),
            arena.Send(spec.Queries),
            arena.Send(spec.Keys),
            PrefixOf(arena, spec),
            query.ColumnCount / spec.HeadCount,
            spec.Scale,
            spec.Causal ? 1 : 0);
        Launch(arena, Kernels.Attention, output.RowCount, spec.HeadCount, new AttentionBody(operands, arena.Window(output)));
    }

    private static Prefix PrefixOf(GpuWorkspace arena, in AttentionSpec spec)
    {
        if (spec.Prefix is not { } prefix)
        {
            Window none = arena.Window(null);
            return new Prefix(none, none, arena.Send(default(Indices)), 0, 0);
        }

        return new Prefix(
            ((GpuTable)prefix.Keys).Window,
            ((GpuTable)prefix.Values).Window,
            arena.Send(prefix.Counts),
            1,
            prefix.Repeated ? 1 : 0);
    }
}
