using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// A batch norm with running statistics (Ioffe and Szegedy 2015), which at inference is one factor and one summand a column:
/// y = x * scale + shift with scale = gamma / sqrt(variance + eps), shift = beta - mean * scale. Computed in double precision.
/// </summary>
/// <param name="Scale">[1, width].</param>
/// <param name="Shift">[1, width].</param>
public sealed record BatchNorm(Parameter Scale, Parameter Shift)
{
    /// <summary>Reads weight, bias, running_mean and running_var below a scope; num_batches_tracked is of no use.</summary>
    public static BatchNorm Read(WeightScope scope, int width, double epsilon)
    {
        Parameter gamma = scope.Vector("weight", width);
        Parameter beta = scope.Vector("bias", width);
        Parameter mean = scope.Vector("running_mean", width);
        Parameter variance = scope.Vector("running_var", width);
        scope.Ignore("num_batches_tracked");
        if (gamma.IsMissing || beta.IsMissing || mean.IsMissing || variance.IsMissing)
            return new BatchNorm(gamma, beta);

        double[] scale = gamma.ToArray();
        double[] shift = beta.ToArray();
        for (int i = 0; i < width; i++)
        {
            scale[i] /= Math.Sqrt(variance[0, i] + epsilon);
            shift[i] -= mean[0, i] * scale[i];
        }

        return new BatchNorm(
            Parameter.FromValues(scope.FullName("scale"), 1, width, scale), Parameter.FromValues(scope.FullName("shift"), 1, width, shift));
    }

    /// <summary>The linear layer that does what a linear layer and this norm do.</summary>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[1, out], or null.</param>
    public (Parameter Weight, Parameter Bias) Fold(Parameter weight, Parameter? bias)
    {
        if (weight.IsMissing || bias is { IsMissing: true } || Scale.IsMissing)
            return (weight, bias ?? Shift);

        double[] scale = Scale.ToArray();
        double[] offset = Shift.ToArray();
        double[] kernel = weight.ToArray();
        for (int row = 0; row < weight.Rows; row++)
        {
            if (bias is not null)
                offset[row] += scale[row] * bias[0, row];
            foreach (ref double value in kernel.AsSpan(row * weight.Columns, weight.Columns))
                value *= scale[row];
        }

        return (Parameter.FromValues(weight.Name, weight.Rows, weight.Columns, kernel), Parameter.FromValues(weight.Name, 1, weight.Rows, offset));
    }
}
