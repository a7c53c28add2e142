using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void RowDotCore(Workspace workspace, Tensor left, Tensor right, Tensor output)
    {
        Matrix a = At(workspace, left);
        Matrix b = At(workspace, right);
        Matrix y = At(workspace, output);
        for (int row = 0; row < a.RowCount; row++)
        {
            double sum = 0;
            for (int column = 0; column < a.ColumnCount; column++)
                sum += a[row, column] * b[row, column];
            y[row, 0] = sum;
        }
    }

    /// <inheritdoc/>
    protected override void ScaleRowsCore(Workspace workspace, Tensor input, Tensor factors, Tensor output)
    {
        Matrix x = At(workspace, input);
        Matrix s = At(workspace, factors);
        Matrix y = At(workspace, output);
        for (int row = 0; row < x.RowCount; row++)
        {
            for (int column = 0; column < x.ColumnCount; column++)
                y[row, column] = s[row, 0] * x[row, column];
        }
    }

    /// <inheritdoc/>
    protected override void FactorizationMachineCore(Workspace workspace, Tensor input, int fieldCount, Tensor output)
    {
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        int size = x.ColumnCount / fieldCount;
        for (int row = 0; row < x.RowCount; row++)
        {
            double total = 0;
            for (int k = 0; k < size; k++)
            {
                double sum = 0;
                double squares = 0;
                for (int field = 0; field < fieldCount; field++)
                {
                    double v = x[row, (field * size) + k];
                    sum += v;
                    squares += v * v;
                }

                total += (sum * sum) - squares;
            }

            y[row, 0] = 0.5 * total;
        }
    }

    /// <inheritdoc/>
    protected override void SquashCore(Workspace workspace, Tensor input, float epsilon, Tensor output)
    {
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        for (int row = 0; row < x.RowCount; row++)
        {
            double squared = 0;
            for (int column = 0; column < x.ColumnCount; column++)
                squared += x[row, column] * x[row, column];
            double factor = squared / (1 + squared) / Math.Sqrt(squared + epsilon);
            for (int column = 0; column < x.ColumnCount; column++)
                y[row, column] = factor * x[row, column];
        }
    }

    /// <inheritdoc/>
    protected override void SegmentSoftmaxCore(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
    {
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        for (int sequence = 0; sequence < sequences.Count; sequence++)
        {
            int start = offsets[sequence];
            int end = offsets[sequence + 1];
            for (int column = 0; column < x.ColumnCount; column++)
            {
                double[] weights = Softmax([.. Enumerable.Range(start, end - start).Select(row => x[row, column])]);
                for (int row = start; row < end; row++)
                    y[row, column] = weights[row - start];
            }
        }
    }

    /// <summary>exp(score - largest) over their sum; zeros where every score is minus infinity.</summary>
    private static double[] Softmax(double[] scores)
    {
        double largest = scores.DefaultIfEmpty().Max();
        if (double.IsNegativeInfinity(largest))
            return new double[scores.Length];
        double[] weights = Array.ConvertAll(scores, score => Math.Exp(score - largest));
        double sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }
}
