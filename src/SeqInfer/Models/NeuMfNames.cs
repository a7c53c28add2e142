using SeqInfer.Layers;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>Finds the weights of neural collaborative filtering: one subclass for each code base's names.</summary>
/// <param name="scope">The whole file.</param>
/// <param name="layout">How kernels are stored.</param>
internal abstract class NeuMfNames(WeightScope scope, KernelLayout layout)
{
    /// <summary>True where the mlp's vector stands before the mf's.</summary>
    public virtual bool IsMlpFirst => false;

    /// <summary>The parts that one entity's vector is stored for.</summary>
    protected WeightScope Scope { get; } = scope;

    /// <summary>The names that a configuration states.</summary>
    public static NeuMfNames Read(ModelConfig config, WeightScope scope)
    {
        KernelLayout layout = config.Choice("kernel_layout", ("in_out", KernelLayout.InOut), ("out_in", KernelLayout.OutIn));
        return config.Choice<NeuMfNames>(
            "naming", ("keras_ncf", new Keras(scope, layout)), ("torch_ncf", new Torch(scope, layout)), ("recbole", new RecBole(scope, layout)));
    }

    /// <summary>An embedding table.</summary>
    /// <param name="entity">"user" or "item".</param>
    /// <param name="part">"mf" or "mlp".</param>
    /// <param name="isAlone">True where the model has that part alone.</param>
    /// <param name="rows">Users or items.</param>
    /// <param name="size">Size of an embedding.</param>
    public Parameter Table(string entity, string part, bool isAlone, int rows, int size) =>
        Scope.Matrix(TableName(entity, part, isAlone), rows, size);

    /// <summary>Layer 1, 2, .. of the MLP: [out, in] and [1, out].</summary>
    public (Parameter Kernel, Parameter Bias) Layer(int number, int inputSize, int outputSize)
    {
        (string kernel, string bias) = LayerNames(number);
        return (Kernel(kernel, inputSize, outputSize), Scope.Vector(bias, outputSize));
    }

    /// <summary>The last layer: [1, in] and [1, 1].</summary>
    public (Parameter Kernel, Parameter Bias) Prediction(int inputSize)
    {
        (string kernel, string bias) = PredictionNames;
        return (Kernel(kernel, inputSize, 1), Scope.Vector(bias, 1));
    }

    /// <summary>Accepts what a file holds for a part that the variant does not have.</summary>
    public virtual void IgnorePart(string part)
    {
    }

    /// <summary>The name of an embedding table.</summary>
    protected abstract string TableName(string entity, string part, bool isAlone);

    /// <summary>The names of a layer.</summary>
    protected abstract (string Kernel, string Bias) LayerNames(int number);

    /// <summary>The names of the last layer.</summary>
    protected abstract (string Kernel, string Bias) PredictionNames { get; }

    private Parameter Kernel(string name, int inputSize, int outputSize) =>
        layout == KernelLayout.OutIn ? Scope.Matrix(name, outputSize, inputSize) : Scope.Matrix(name, inputSize, outputSize).Transpose();

    /// <summary>github.com/hexiangnan/neural_collaborative_filtering.</summary>
    private sealed class Keras(WeightScope scope, KernelLayout layout) : NeuMfNames(scope, layout)
    {
        protected override (string Kernel, string Bias) PredictionNames => ("prediction_W", "prediction_b");

        protected override string TableName(string entity, string part, bool isAlone) =>
            isAlone ? $"{entity}_embedding_W" : $"{part}_embedding_{entity}_W";

        protected override (string Kernel, string Bias) LayerNames(int number) => ($"layer{number}_W", $"layer{number}_b");
    }

    /// <summary>github.com/yihong-chen/neural-collaborative-filtering.</summary>
    private sealed class Torch(WeightScope scope, KernelLayout layout) : NeuMfNames(scope, layout)
    {
        public override bool IsMlpFirst => true;

        protected override (string Kernel, string Bias) PredictionNames => ("affine_output.weight", "affine_output.bias");

        protected override string TableName(string entity, string part, bool isAlone) =>
            isAlone ? $"embedding_{entity}.weight" : $"embedding_{entity}_{part}.weight";

        protected override (string Kernel, string Bias) LayerNames(int number) =>
            ($"fc_layers.{number - 1}.weight", $"fc_layers.{number - 1}.bias");
    }

    /// <summary>github.com/RUCAIBox/RecBole: every variant's file holds both parts, and layers are counted with dropout and activation.</summary>
    private sealed class RecBole(WeightScope scope, KernelLayout layout) : NeuMfNames(scope, layout)
    {
        protected override (string Kernel, string Bias) PredictionNames => ("predict_layer.weight", "predict_layer.bias");

        public override void IgnorePart(string part)
        {
            Scope.Ignore(TableName("user", part, true));
            Scope.Ignore(TableName("item", part, true));
            if (part == "mlp")
                Scope.Scope("mlp_layers").Ignore(_ => true);
        }

        protected override string TableName(string entity, string part, bool isAlone) => $"{entity}_{part}_embedding.weight";

        protected override (string Kernel, string Bias) LayerNames(int number)
        {
            string layer = $"mlp_layers.mlp_layers.{(3 * number) - 2}";
            return ($"{layer}.weight", $"{layer}.bias");
        }
    }
}
