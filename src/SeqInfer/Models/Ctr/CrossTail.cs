using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>The last layer of the cross networks: w [cross, MLP] or w MLP.</summary>
/// <param name="Cross">[1, columns of x], null where the deep part follows the crosses.</param>
/// <param name="Deep">[1, columns of the deep part].</param>
/// <param name="Bias">[1, 1], or null where the first-order part has it.</param>
internal sealed record CrossTail(Parameter? Cross, Parameter Deep, Parameter? Bias)
{
    /// <summary>Reads it; DeepCTR's only bias stands apart and is that of the first-order part where there is one.</summary>
    public static CrossTail Read(WeightScope weights, RankerPlan plan, int deepSize, bool isParallel)
    {
        bool isRecBole = plan.Naming == CtrNaming.RecBole;
        int cross = isParallel ? plan.Layout.Width : 0;
        WeightScope predict = weights.Scope(isRecBole ? "predict_layer" : "dnn_linear");
        Parameter weight = predict.Matrix("weight", 1, checked(cross + deepSize));
        Parameter? bias = isRecBole ? predict.Vector("bias", 1) : plan.Weights is null ? weights.Vector("out.bias", 1) : null;
        return new CrossTail(isParallel ? weight.SliceColumns(0, cross) : null, weight.SliceColumns(cross, deepSize), bias);
    }

    /// <summary>The deep part: the layers of the perceptron and its share of the last one.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="layers">The layers of the perceptron.</param>
    /// <param name="bias">The bias of the last layer where it is not added elsewhere.</param>
    /// <param name="columns">Which columns of the input are shared.</param>
    public MultiLayerPerceptron CreateDeep(Device device, IReadOnlyList<DenseLayer> layers, Parameter? bias, ColumnSplit columns) =>
        new(device, [.. layers, new DenseLayer(Deep, bias, ActivationLayer.None)], columns);
}
