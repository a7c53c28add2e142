using SeqInfer.Gpu.Kernels.Attention;
using SeqInfer.Gpu.Kernels.Gemm;
using SeqInfer.Gpu.Kernels.Graph;
using SeqInfer.Gpu.Kernels.Recurrent;

namespace SeqInfer.Gpu.Runtime;

/// <summary>The kernels that need groups of many threads, which take the place of plain ones where the device has such groups.</summary>
internal sealed class GroupKernelTable(IKernelLoader loader)
{
    public Kernel<LinearArgs> TileLinear { get; } = loader.Load<LinearArgs>("TileLinear Dot", TileLinearKernel<DotTerm>.Run);

    public Kernel<LinearArgs> TileDistance { get; } =
        loader.Load<LinearArgs>("TileLinear NegSquaredDistance", TileLinearKernel<NegSquaredDistanceTerm>.Run);

    public Kernel<LinearArgs> RowsLinear { get; } = loader.Load<LinearArgs>("RowsLinear Dot", RowsLinearKernel<DotTerm>.Run);

    public Kernel<LinearArgs> RowsDistance { get; } =
        loader.Load<LinearArgs>("RowsLinear NegSquaredDistance", RowsLinearKernel<NegSquaredDistanceTerm>.Run);

    public Kernel<GroupAttentionArgs> Attention { get; } = loader.Load<GroupAttentionArgs>("GroupAttention", GroupAttentionKernel.Run);

    public Kernel<GroupAggregateArgs<Neighbours>> Aggregate { get; } =
        loader.Load<GroupAggregateArgs<Neighbours>>("GroupAggregate Neighbours", GroupAggregateKernel<Neighbours>.Run);

    public Kernel<GroupAggregateArgs<Steps>> Pool { get; } =
        loader.Load<GroupAggregateArgs<Steps>>("GroupAggregate Steps", GroupAggregateKernel<Steps>.Run);

    public Kernel<GroupGraphAttentionArgs> GraphAttention { get; } =
        loader.Load<GroupGraphAttentionArgs>("GroupGraphAttention", GroupGraphAttentionKernel.Run);

    public Kernel<GroupRecurrentArgs> ColumnRecurrent { get; } =
        loader.Load<GroupRecurrentArgs>("ColumnRecurrent", ColumnRecurrentKernel.Run, ColumnRecurrentKernel.MaxColumns);

    public Kernel<GroupRecurrentArgs> Recurrent { get; } = loader.Load<GroupRecurrentArgs>("GroupRecurrent", GroupRecurrentKernel.Run);
}
