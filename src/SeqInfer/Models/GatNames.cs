using System.Collections.Immutable;
using SeqInfer.Layers;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>The sizes of a graph attention layer.</summary>
/// <param name="InputSize">Columns of its input.</param>
/// <param name="HeadSize">Outputs of a head.</param>
/// <param name="HeadCount">Number of heads.</param>
/// <param name="IsConcatenated">True where heads stand side by side, false where they are averaged.</param>
internal readonly record struct GatLayerShape(int InputSize, int HeadSize, int HeadCount, bool IsConcatenated)
{
    /// <summary>Columns of all heads.</summary>
    public int Width => checked(HeadCount * HeadSize);

    /// <summary>Columns of its output.</summary>
    public int OutputSize => IsConcatenated ? Width : HeadSize;
}

/// <summary>Finds the weights of graph attention layers: one subclass for each manner of naming.</summary>
internal abstract class GatNames
{
    /// <summary>The naming that a configuration states.</summary>
    public static GatNames Read(ModelConfig config, ImmutableArray<GatLayerShape> shapes)
    {
        bool hasBias = config.Bool("bias");
        GatNames names = config.Choice<GatNames>(
            "naming",
            ("pygat", new PyGat()),
            ("pyg", new PyG("lin", "att_dst", "att_src", null, hasBias)),
            ("pyg_2", new PyG("lin_src", "att_dst", "att_src", "lin_dst", hasBias)),
            ("pyg_1_6", new PyG("lin_l", "att_r", "att_l", "lin_r", hasBias)),
            ("pyg_1", new PyG1(hasBias)));
        if (names is PyGat)
            CheckPyGat(config, shapes, hasBias);
        return names;
    }

    /// <summary>The trained values of a layer.</summary>
    public abstract GraphAttentionParameters Read(WeightScope weights, int layer, GatLayerShape shape, bool isNegated);

    private static void CheckPyGat(ModelConfig config, ImmutableArray<GatLayerShape> shapes, bool hasBias)
    {
        if (hasBias)
            throw config.Error("bias", "true is not allowed with naming \"pygat\", which has none; expected false");
        if (shapes is not [{ IsConcatenated: true }, { IsConcatenated: false, HeadCount: 1 }])
            throw config.Error("heads", "naming \"pygat\" has two layers; expected heads [n, 1] with concat [true, false]");
    }

    /// <summary>github.com/Diego999/pyGAT: a module for each head, kernels [in, out], one attention vector of two halves.</summary>
    private sealed class PyGat : GatNames
    {
        public override GraphAttentionParameters Read(WeightScope weights, int layer, GatLayerShape shape, bool isNegated)
        {
            WeightScope[] heads = layer == 0
                ? [.. Enumerable.Range(0, shape.HeadCount).Select(head => weights.Scope($"attention_{head}"))]
                : [weights.Scope("out_att")];
            int size = shape.HeadSize;
            Parameter[] kernels = Array.ConvertAll(heads, head => head.Matrix("W", shape.InputSize, size).Transpose());

            // The sparse layer, whose score is negative, has a row where the dense one has a column.
            Parameter[] vectors = Array.ConvertAll(
                heads, head => isNegated ? head.Matrix("a", 1, 2 * size) : head.Matrix("a", 2 * size, 1).Transpose());
            return new GraphAttentionParameters(
                Parameter.ConcatRows("W", kernels),
                Parameter.ConcatRows("target", Array.ConvertAll(vectors, vector => vector.SliceColumns(0, size))),
                Parameter.ConcatRows("source", Array.ConvertAll(vectors, vector => vector.SliceColumns(size, size))),
                null);
        }
    }

    /// <summary>PyTorch Geometric's GATConv; older versions hold one linear layer twice.</summary>
    private sealed class PyG(string linear, string target, string source, string? unused, bool hasBias) : GatNames
    {
        public override GraphAttentionParameters Read(WeightScope weights, int layer, GatLayerShape shape, bool isNegated)
        {
            WeightScope scope = weights.Scope($"convs.{layer}");
            if (unused is not null)
                scope.Ignore($"{unused}.weight");
            return new GraphAttentionParameters(
                scope.Matrix($"{linear}.weight", shape.Width, shape.InputSize),
                scope.Tensor(target, 1, shape.HeadCount, shape.HeadSize).Reshape(shape.HeadCount, shape.HeadSize),
                scope.Tensor(source, 1, shape.HeadCount, shape.HeadSize).Reshape(shape.HeadCount, shape.HeadSize),
                hasBias ? scope.Vector("bias", shape.OutputSize) : null);
        }
    }

    /// <summary>PyTorch Geometric before 1.6: a kernel [in, heads * out] and one attention vector of two halves.</summary>
    private sealed class PyG1(bool hasBias) : GatNames
    {
        public override GraphAttentionParameters Read(WeightScope weights, int layer, GatLayerShape shape, bool isNegated)
        {
            WeightScope scope = weights.Scope($"convs.{layer}");
            int size = shape.HeadSize;
            Parameter both = scope.Tensor("att", 1, shape.HeadCount, 2 * size).Reshape(shape.HeadCount, 2 * size);
            return new GraphAttentionParameters(
                scope.Matrix("weight", shape.InputSize, shape.Width).Transpose(),
                both.SliceColumns(0, size),
                both.SliceColumns(size, size),
                hasBias ? scope.Vector("bias", shape.OutputSize) : null);
        }
    }
}
