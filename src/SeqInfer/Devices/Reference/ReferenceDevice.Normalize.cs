using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void LayerNormCore(Workspace workspace, Tensor input, LayerNormWeights weights, Tensor output, Tensor? residual)
    {
        ReferenceLayerNorm norm = (ReferenceLayerNorm)weights;
        Matrix y = At(workspace, output);
        Matrix? added = At(workspace, residual);
        for (int row = 0; row < y.RowCount; row++)
        {
            double[] x = At(workspace, input).Row(row).ToArray();
            for (int column = 0; column < x.Length; column++)
                x[column] += added?[row, column] ?? 0;
            double mean = x.Sum() / x.Length;
            double squares = x.Sum(value => (value - mean) * (value - mean));
            double deviation = norm.Kind switch
            {
                LayerNormKind.Standard => Math.Sqrt((squares / x.Length) + norm.Epsilon),
                LayerNormKind.UnbiasedStd => Math.Sqrt(squares / (x.Length - 1)) + norm.Epsilon,
                _ => throw new ArgumentOutOfRangeException(nameof(weights), norm.Kind, null),
            };
            for (int column = 0; column < x.Length; column++)
                y[row, column] = (norm.Gamma[column] * (x[column] - mean) / deviation) + norm.Beta[column];
        }
    }

    /// <inheritdoc/>
    protected override void ScaleShiftCore(Workspace workspace, Tensor input, VectorWeights scale, VectorWeights shift, Tensor output)
    {
        ReferenceValues factors = ((ReferenceVector)scale).Values;
        ReferenceValues summands = ((ReferenceVector)shift).Values;
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        for (int row = 0; row < y.RowCount; row++)
        {
            for (int column = 0; column < y.ColumnCount; column++)
                y[row, column] = (x[row, column] * factors[column]) + summands[column];
        }
    }

    /// <inheritdoc/>
    protected override void NormalizeL2Core(Workspace workspace, Tensor input, Tensor output)
    {
        Matrix y = At(workspace, output);
        for (int row = 0; row < y.RowCount; row++)
        {
            double[] x = At(workspace, input).Row(row).ToArray();
            double length = Math.Sqrt(Dot(x, x));
            for (int column = 0; column < x.Length; column++)
                y[row, column] = length == 0 ? 0 : x[column] / length;
        }
    }

    /// <inheritdoc/>
    protected override void SoftmaxCore(Workspace workspace, Tensor input, Tensor output, bool log)
    {
        Matrix y = At(workspace, output);
        for (int row = 0; row < y.RowCount; row++)
        {
            double[] x = At(workspace, input).Row(row).ToArray();
            double largest = x.Max();
            double sum = x.Sum(value => Math.Exp(value - largest));
            for (int column = 0; column < x.Length; column++)
            {
                if (double.IsNegativeInfinity(largest))
                    y[row, column] = log ? double.NegativeInfinity : 0;
                else
                    y[row, column] = log ? x[column] - largest - Math.Log(sum) : Math.Exp(x[column] - largest) / sum;
            }
        }
    }
}
