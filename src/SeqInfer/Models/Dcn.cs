using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Models.Ctr;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Deep and cross network (Wang et al. 2017): logits = w [x_L, MLP(x_0)] with x_{l+1} = x_0 (w_l x_l) + b_l + x_l.
/// </summary>
/// <remarks>
/// Every x_l is alpha_l x_0 + beta_l with a number alpha_l and a vector beta_l that depends on the weights alone:
/// alpha_{l+1} = alpha_l (1 + w_l x_0) + w_l beta_l and beta_{l+1} = beta_l + b_l. So the crosses are L + 1 inner products with x_0,
/// taken by one linear layer, and a recurrence over numbers.
/// </remarks>
public sealed class Dcn : FieldRanker
{
    private readonly SplitLinear _dots;
    private readonly VectorWeights _one;
    private readonly VectorWeights[] _shifts;
    private readonly MultiLayerPerceptron _deep;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public Dcn(ModelConfig config, WeightScope weights, Device device)
        : this(RankerPlan.Read(config, weights, device, hasVectors: true, config.OptionalBool("first_order", false)), config, weights, device)
    {
    }

    private Dcn(RankerPlan plan, ModelConfig config, WeightScope weights, Device device)
        : base(plan, device, hasPairs: false)
    {
        int width = plan.Layout.Width;
        int count = config.Int("cross_layers");
        MlpOptions options = MlpOptions.Read(config);
        string path = plan.Naming == CtrNaming.RecBole ? "mlp_layers" : "dnn";
        var tail = CrossTail.Read(weights, plan, options.OutputSize(width), isParallel: true);
        IReadOnlyList<DenseLayer> layers = MlpReader.Read(device, weights, plan.Naming, path, width, options);
        _deep = tail.CreateDeep(device, layers, null, plan.Columns);

        (Parameter kernels, Parameter biases) = ReadCrosses(weights, plan.Naming, count, width);
        var rows = Parameter.ConcatRows("crosses", kernels, tail.Cross!);
        double[] ones = new double[count + 1];
        Array.Fill(ones, 1, 0, count);
        _dots = new SplitLinear(device, rows, Parameter.FromValues("crosses, plus one", 1, count + 1, ones), plan.Columns);
        _one = device.CreateVector(Parameter.FromValues("one", 1, 1, [1.0]));
        double[] shifts = ShiftsOf(rows, biases);
        shifts[^1] += tail.Bias is { } bias ? bias[0, 0] : 0;
        _shifts = [.. shifts.Select(shift => device.CreateVector(Parameter.FromValues("cross", 1, 1, [shift])))];
    }

    /// <inheritdoc/>
    private protected override void Score(Workspace workspace, in SplitRows x, Tensor logits)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor dots = workspace.Take(x.Count, _dots.OutputSize);
        Tensor alpha = workspace.Take(x.Count, 1);
        _dots.Forward(workspace, x, dots);
        Device.Apply(workspace, dots.Columns(0, 1), Activation.None, alpha);
        for (int layer = 1; layer < _dots.OutputSize; layer++)
        {
            Device.Combine(workspace, alpha, dots.Columns(layer, 1), BinaryOperation.Multiply, alpha);
            Device.ScaleShift(workspace, alpha, _one, _shifts[layer - 1], alpha);
        }

        if (Base(logits) is { } terms)
            Device.Combine(workspace, alpha, terms, BinaryOperation.Add, alpha);
        _deep.Forward(workspace, x, logits, residual: alpha);
    }

    private static (Parameter Kernels, Parameter Biases) ReadCrosses(WeightScope weights, CtrNaming naming, int count, int width)
    {
        if (naming == CtrNaming.DeepCtr)
            return (weights.Tensor("crossnet.kernels", count, width, 1), weights.Tensor("crossnet.bias", count, width, 1));
        Parameter[] kernels = [.. Enumerable.Range(0, count).Select(i => weights.Vector($"cross_layer_w.{i}", width))];
        Parameter[] biases = [.. Enumerable.Range(0, count).Select(i => weights.Vector($"cross_layer_b.{i}", width))];
        return (Parameter.ConcatRows("kernels", kernels), Parameter.ConcatRows("biases", biases));
    }

    // w_l beta_l for l = 1 .. L, the last layer among them.
    private static double[] ShiftsOf(Parameter rows, Parameter biases)
    {
        double[] shifts = new double[biases.Rows];
        double[] beta = new double[biases.Columns];
        for (int layer = 0; layer < shifts.Length; layer++)
        {
            double[] bias = biases.SliceRows(layer, 1).ToArray();
            double[] kernel = rows.SliceRows(layer + 1, 1).ToArray();
            for (int i = 0; i < beta.Length; i++)
            {
                beta[i] += bias[i];
                shifts[layer] += kernel[i] * beta[i];
            }
        }

        return shifts;
    }
}
