using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>Query, key, value and output projections of multi-head attention, [out, in] each.</summary>
/// <param name="Query">W [hidden, hidden].</param>
/// <param name="QueryBias">b [1, hidden].</param>
/// <param name="Key">W [hidden, hidden].</param>
/// <param name="KeyBias">b [1, hidden].</param>
/// <param name="Value">W [hidden, hidden].</param>
/// <param name="ValueBias">b [1, hidden].</param>
/// <param name="Output">W [hidden, hidden], or null where the heads side by side are the result.</param>
/// <param name="OutputBias">b [1, hidden], or null.</param>
public sealed record AttentionProjections(
    Parameter Query,
    Parameter QueryBias,
    Parameter Key,
    Parameter KeyBias,
    Parameter Value,
    Parameter ValueBias,
    Parameter? Output,
    Parameter? OutputBias)
{
    /// <summary>torch.nn.MultiheadAttention: in_proj_weight stacks query, key and value; out_proj.</summary>
    public static AttentionProjections FromTorch(WeightScope scope, int hidden)
    {
        Parameter weight = scope.Matrix("in_proj_weight", checked(3 * hidden), hidden);
        Parameter bias = scope.Vector("in_proj_bias", 3 * hidden);
        WeightScope output = scope.Scope("out_proj");
        return new AttentionProjections(
            weight.SliceRows(0, hidden),
            bias.SliceColumns(0, hidden),
            weight.SliceRows(hidden, hidden),
            bias.SliceColumns(hidden, hidden),
            weight.SliceRows(2 * hidden, hidden),
            bias.SliceColumns(2 * hidden, hidden),
            output.Matrix("weight", hidden, hidden),
            output.Vector("bias", hidden));
    }

    /// <summary>Linear layers with names of their own; <paramref name="output"/> is null where there is none behind the heads.</summary>
    public static AttentionProjections FromLinears(WeightScope query, WeightScope key, WeightScope value, WeightScope? output, int hidden) =>
        new(
            query.Matrix("weight", hidden, hidden),
            query.Vector("bias", hidden),
            key.Matrix("weight", hidden, hidden),
            key.Vector("bias", hidden),
            value.Matrix("weight", hidden, hidden),
            value.Vector("bias", hidden),
            output?.Matrix("weight", hidden, hidden),
            output?.Vector("bias", hidden));
}
