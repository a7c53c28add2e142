using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels;
using SeqInfer.Gpu.Kernels.Attention;
using SeqInfer.Gpu.Runtime;
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
        int headSize = query.ColumnCount / spec.HeadCount;
        GroupKernelTable? groups = headSize <= GroupAttentionKernel.MaxHeadSize ? Kernels.Groups : null;
        bool isInPlace = groups is null && query == output;
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
            headSize,
            spec.SharesKeys ? 0 : headSize,
            spec.Scale,
            spec.Causal ? 1 : 0);
        if (groups is not null)
        {
            int tiles = DivideUp(spec.Queries.Longest, runtime.GroupSize / GroupAttentionKernel.Width);
            int groupCount = (int)Math.Min((long)tiles * spec.Queries.Count, MaxGroupsX);
            groups.Attention.Launch(arena.Stream, new ILGPU.Index2D(groupCount, spec.HeadCount), runtime.GroupSize, new GroupAttentionArgs(
                operands, arena.Window(output), tiles));
            return;
        }

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
