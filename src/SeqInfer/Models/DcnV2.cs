using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Models.Ctr;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// DCN-V2 (Wang et al. 2021): matrix crosses or mixtures of low-rank ones, beside a multi-layer perceptron (parallel: w [cross(x), MLP(x)])
/// or before it (stacked: w MLP(cross(x))).
/// </summary>
public sealed class DcnV2 : FieldRanker
{
    private readonly ColumnSplit _columns;
    private readonly IReadOnlyList<ICross> _crosses;
    private readonly Linear? _crossTail;
    private readonly MultiLayerPerceptron _deep;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public DcnV2(ModelConfig config, WeightScope weights, Device device)
        : this(RankerPlan.Read(config, weights, device, hasVectors: true, config.OptionalBool("first_order", false)), config, weights, device)
    {
    }

    private DcnV2(RankerPlan plan, ModelConfig config, WeightScope weights, Device device)
        : base(plan, device, hasPairs: false)
    {
        int width = plan.Layout.Width;
        bool isRecBole = plan.Naming == CtrNaming.RecBole;
        bool isParallel = config.Choice("structure", ("parallel", true), ("stacked", false));
        MlpOptions options = MlpOptions.Read(config);
        var tail = CrossTail.Read(weights, plan, options.OutputSize(width), isParallel);
        IReadOnlyList<DenseLayer> layers = MlpReader.Read(device, weights, plan.Naming, isRecBole ? "mlp_layers" : "dnn", width, options);

        // Where rows share columns, x is [shared, own] from here on.
        _columns = plan.Columns;
        var reader = new CrossReader(device, weights, isRecBole, config.Int("cross_layers"), _columns);
        _crosses = config.Bool("mixed") ? reader.ReadMixtures(config.Int("expert_num"), config.Int("low_rank")) : reader.ReadMatrices();
        if (!config.Bool("mixed"))
            config.Ignore("expert_num", "low_rank");
        if (isParallel)
        {
            _crossTail = new Linear(device.CreateLinear(ColumnSplit.Pick(tail.Cross!, _columns.Order), tail.Bias));
            _deep = tail.CreateDeep(device, layers, null, _columns);
        }
        else
        {
            _deep = tail.CreateDeep(device, layers, tail.Bias, new ColumnSplit(_columns.Order, []));
        }
    }

    /// <inheritdoc/>
    private protected override void Score(Workspace workspace, in SplitRows x, Tensor logits)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor x0 = x.IsSplit ? Join(workspace, x) : x.Shared;
        Tensor crossed = workspace.Take(x.Count, x0.ColumnCount);
        _crosses[0].Forward(workspace, x0, x0, x.IsSplit ? x : new SplitRows(x0), crossed);
        for (int layer = 1; layer < _crosses.Count; layer++)
            _crosses[layer].Forward(workspace, x0, crossed, new SplitRows(crossed), crossed);
        if (_crossTail is null)
        {
            _deep.Forward(workspace, new SplitRows(crossed), logits, Base(logits));
            return;
        }

        _crossTail.Forward(workspace, crossed, logits, residual: Base(logits));
        _deep.Forward(workspace, x, logits, residual: logits);
    }

    private Tensor Join(Workspace workspace, in SplitRows x)
    {
        Tensor x0 = workspace.Take(x.Count, _columns.Count);
        if (!_columns.Shared.IsEmpty)
            Device.GatherRows(workspace, x.Shared, x.SharedOf, x0.Columns(0, _columns.Shared.Length));
        Device.Apply(workspace, x.Own, Activation.None, x0.Columns(_columns.Shared.Length, _columns.Own.Length));
        return x0;
    }
}
