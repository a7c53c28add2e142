using SeqInfer.Gpu.Kernels.Attention;
using SeqInfer.Gpu.Kernels.Elementwise;
using SeqInfer.Gpu.Kernels.Gemm;
using SeqInfer.Gpu.Kernels.Graph;
using SeqInfer.Gpu.Kernels.Ranking;
using SeqInfer.Gpu.Kernels.Recurrent;
using SeqInfer.Gpu.Kernels.Rows;

namespace SeqInfer.Gpu.Runtime;

/// <summary>Every kernel of a device, compiled when the device is made: no operation compiles anything.</summary>
internal sealed class KernelTable
{
    private readonly IKernelLoader _loader;

    public KernelTable(IKernelLoader loader)
    {
        _loader = loader;
        Apply = Element<ApplyBody>();
        Fill = Element<FillBody>();
        PRelu = Element<PReluBody>();
        Combine = Element<CombineBody>();
        CombineRows = Element<CombineRowsBody>();
        Gather = Element<GatherBody>();
        Embed = Element<EmbedBody>();
        EmbedPositions = Element<EmbedPositionsBody>();
        EmbedBag = Element<EmbedBagBody>();
        Flatten = Element<FlattenBody>();
        ScaleRows = Element<ScaleRowsBody>();
        ScaleShift = Element<ScaleShiftBody>();
        LastRow = Element<LastRowBody>();
        Pool = Element<AggregateBody<Steps>>();
        SegmentSoftmaxColumns = Element<SegmentSoftmaxColumnsBody>();
        Aggregate = Element<AggregateBody<Neighbours>>();
        GraphAttention = Element<GraphAttentionBody>();
        Linear = Element<LinearBody<DotTerm>>();
        Distance = Element<LinearBody<NegSquaredDistanceTerm>>();
        Attention = Element<AttentionBody>();
        RecurrentStep = Element<RecurrentStepBody>();
        Candidates = Element<CandidateBody<DotTerm>>();
        CandidateDistances = Element<CandidateBody<NegSquaredDistanceTerm>>();
        HideLists = Element<HideListsBody>();
        HideEverywhere = Element<HideEverywhereBody>();
        MergeMark = Element<MergeMarkBody>();
        MergeRank = Element<MergeRankBody>();
        LayerNorm = Row<LayerNormBody>();
        NormalizeL2 = Row<NormalizeL2Body>();
        Softmax = Row<SoftmaxBody>();
        SegmentSoftmax = Row<SegmentSoftmaxBody>();
        RowDot = Row<RowDotBody>();
        FactorizationMachine = Row<FactorizationMachineBody>();
        Squash = Row<SquashBody>();
        SelectPart = loader.Load<SelectPartArgs>("SelectPart", SelectPartKernel.Run);
        Select = loader.Load<SelectArgs>("Select", SelectKernel.Run);
        Groups = loader.IsTuned ? new GroupKernelTable(loader) : null;
    }

    public Kernel<ElementArgs<ApplyBody>> Apply { get; }

    public Kernel<ElementArgs<FillBody>> Fill { get; }

    public Kernel<ElementArgs<PReluBody>> PRelu { get; }

    public Kernel<ElementArgs<CombineBody>> Combine { get; }

    public Kernel<ElementArgs<CombineRowsBody>> CombineRows { get; }

    public Kernel<ElementArgs<GatherBody>> Gather { get; }

    public Kernel<ElementArgs<EmbedBody>> Embed { get; }

    public Kernel<ElementArgs<EmbedPositionsBody>> EmbedPositions { get; }

    public Kernel<ElementArgs<EmbedBagBody>> EmbedBag { get; }

    public Kernel<ElementArgs<FlattenBody>> Flatten { get; }

    public Kernel<ElementArgs<ScaleRowsBody>> ScaleRows { get; }

    public Kernel<ElementArgs<ScaleShiftBody>> ScaleShift { get; }

    public Kernel<ElementArgs<LastRowBody>> LastRow { get; }

    public Kernel<ElementArgs<AggregateBody<Steps>>> Pool { get; }

    public Kernel<ElementArgs<SegmentSoftmaxColumnsBody>> SegmentSoftmaxColumns { get; }

    public Kernel<ElementArgs<AggregateBody<Neighbours>>> Aggregate { get; }

    public Kernel<ElementArgs<GraphAttentionBody>> GraphAttention { get; }

    public Kernel<ElementArgs<LinearBody<DotTerm>>> Linear { get; }

    public Kernel<ElementArgs<LinearBody<NegSquaredDistanceTerm>>> Distance { get; }

    public Kernel<ElementArgs<AttentionBody>> Attention { get; }

    public Kernel<ElementArgs<RecurrentStepBody>> RecurrentStep { get; }

    public Kernel<ElementArgs<CandidateBody<DotTerm>>> Candidates { get; }

    public Kernel<ElementArgs<CandidateBody<NegSquaredDistanceTerm>>> CandidateDistances { get; }

    public Kernel<ElementArgs<HideListsBody>> HideLists { get; }

    public Kernel<ElementArgs<HideEverywhereBody>> HideEverywhere { get; }

    public Kernel<ElementArgs<MergeMarkBody>> MergeMark { get; }

    public Kernel<ElementArgs<MergeRankBody>> MergeRank { get; }

    public Kernel<RowArgs<LayerNormBody>> LayerNorm { get; }

    public Kernel<RowArgs<NormalizeL2Body>> NormalizeL2 { get; }

    public Kernel<RowArgs<SoftmaxBody>> Softmax { get; }

    public Kernel<RowArgs<SegmentSoftmaxBody>> SegmentSoftmax { get; }

    public Kernel<RowArgs<RowDotBody>> RowDot { get; }

    public Kernel<RowArgs<FactorizationMachineBody>> FactorizationMachine { get; }

    public Kernel<RowArgs<SquashBody>> Squash { get; }

    public Kernel<SelectPartArgs> SelectPart { get; }

    public Kernel<SelectArgs> Select { get; }

    /// <summary>The kernels for groups of many threads; null where the device has no such groups.</summary>
    public GroupKernelTable? Groups { get; }

    private Kernel<ElementArgs<TBody>> Element<TBody>()
        where TBody : struct, IElementBody => _loader.Load<ElementArgs<TBody>>(NameOf(typeof(TBody)), ElementKernel<TBody>.Run);

    private Kernel<RowArgs<TBody>> Row<TBody>()
        where TBody : struct, IRowBody => _loader.IsTuned
            ? _loader.Load<RowArgs<TBody>>(NameOf(typeof(TBody)), RowKernel<SharedLanes, TBody>.Run)
            : _loader.Load<RowArgs<TBody>>(NameOf(typeof(TBody)), RowKernel<OneLane, TBody>.Run);

    /// <summary>"LinearBody`1[DotTerm]" is "Linear Dot".</summary>
    private static string NameOf(Type body) => string.Join(
        ' ', new[] { body }.Concat(body.GetGenericArguments()).Select(type => type.Name.Split('`')[0].Replace("Body", null).Replace("Term", null)));
}
