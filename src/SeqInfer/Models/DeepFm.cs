using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Models.Ctr;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>Which parts of DeepFM a model has.</summary>
public enum FactorizationKind
{
    /// <summary>Logistic regression: the first-order part.</summary>
    LogisticRegression,

    /// <summary>Factorisation machine (Rendle 2010): first and second order.</summary>
    FactorizationMachine,

    /// <summary>Wide and deep (Cheng et al. 2016): first order and a multi-layer perceptron.</summary>
    WideAndDeep,

    /// <summary>DeepFM (Guo et al. 2017): all three.</summary>
    DeepFm,
}

/// <summary>DeepFM and the models that are parts of it: logits = first order [+ second order] [+ w MLP(v)].</summary>
public sealed class DeepFm : FieldRanker
{
    private readonly MultiLayerPerceptron? _deep;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public DeepFm(ModelConfig config, WeightScope weights, Device device, FactorizationKind kind)
        : this(RankerPlan.Read(config, weights, device, kind != FactorizationKind.LogisticRegression, hasFirstOrder: true), config, weights, device, kind)
    {
    }

    private DeepFm(RankerPlan plan, ModelConfig config, WeightScope weights, Device device, FactorizationKind kind)
        : base(plan, device, kind is FactorizationKind.FactorizationMachine or FactorizationKind.DeepFm)
    {
        if (kind is FactorizationKind.LogisticRegression or FactorizationKind.FactorizationMachine)
            return;
        bool isRecBole = plan.Naming == CtrNaming.RecBole;
        MlpOptions options = MlpOptions.Read(config);
        IReadOnlyList<DenseLayer> layers = MlpReader.Read(device, weights, plan.Naming, isRecBole ? "mlp_layers" : "dnn", plan.Layout.Width, options);
        WeightScope predict = weights.Scope(isRecBole ? "deep_predict_layer" : "dnn_linear");
        var last = new DenseLayer(
            predict.Matrix("weight", 1, options.OutputSize(plan.Layout.Width)), isRecBole ? predict.Vector("bias", 1) : null, ActivationLayer.None);
        _deep = new MultiLayerPerceptron(device, [.. layers, last], plan.Columns);
    }

    /// <inheritdoc/>
    private protected override void Score(Workspace workspace, in SplitRows x, Tensor logits) =>
        _deep?.Forward(workspace, x, logits, Base(logits));
}
