using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>y[r] = sum over columns of left[r, c] * right[r, c].</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="left">[rows, columns].</param>
    /// <param name="right">[rows, columns].</param>
    /// <param name="output">[rows, 1], apart from the inputs.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void RowDot(Workspace workspace, Tensor left, Tensor right, Tensor output)
    {
        Begin(workspace);
        workspace.Check(left, nameof(left));
        CheckInput(workspace, right, left.RowCount, left.ColumnCount, nameof(right));
        CheckOutput(workspace, output, left.RowCount, 1);
        CheckApart(left, output);
        CheckApart(right, output);
        if (!workspace.IsPlanning && !output.IsEmpty)
            RowDotCore(workspace, left, right, output);
    }

    /// <summary>y[r, c] = factors[r] * x[r, c].</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[rows, columns].</param>
    /// <param name="factors">[rows, 1].</param>
    /// <param name="output">[rows, columns], the input itself or apart from it; apart from the factors.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void ScaleRows(Workspace workspace, Tensor input, Tensor factors, Tensor output)
    {
        BeginRowwise(workspace, input, output);
        CheckInput(workspace, factors, input.RowCount, 1, nameof(factors));
        CheckApart(factors, output);
        if (!workspace.IsPlanning && !output.IsEmpty)
            ScaleRowsCore(workspace, input, factors, output);
    }

    /// <summary>
    /// The second-order part of a factorisation machine (Rendle 2010): y[r] = 0.5 * sum over k of ((sum over fields f of v[f, k])^2 - sum over f of v[f, k]^2).
    /// </summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[rows, fields * size]: the vectors v of all fields, one after the other.</param>
    /// <param name="fieldCount">Number of fields; divides the columns.</param>
    /// <param name="output">[rows, 1], apart from the input.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void FactorizationMachine(Workspace workspace, Tensor input, int fieldCount, Tensor output)
    {
        Begin(workspace);
        workspace.Check(input, nameof(input));
        CheckOutput(workspace, output, input.RowCount, 1);
        CheckApart(input, output);
        if (fieldCount < 1 || input.ColumnCount % fieldCount != 0)
            throw new ArgumentException($"{input.ColumnCount} columns cannot be split into {fieldCount} fields", nameof(fieldCount));
        if (!workspace.IsPlanning && !output.IsEmpty)
            FactorizationMachineCore(workspace, input, fieldCount, output);
    }

    /// <summary>y = x * n / (1 + n) / sqrt(n + epsilon) with n = ||x||^2, row by row: the squash of capsule networks (Sabour et al. 2017).</summary>
    /// <param name="workspace">Holds both windows.</param>
    /// <param name="input">[rows, columns].</param>
    /// <param name="epsilon">Keeps a row of zeros finite.</param>
    /// <param name="output">[rows, columns], the input itself or apart from it.</param>
    /// <exception cref="ArgumentException">A shape does not fit, windows overlap or epsilon is not positive.</exception>
    public void Squash(Workspace workspace, Tensor input, float epsilon, Tensor output)
    {
        BeginRowwise(workspace, input, output);
        if (!(epsilon > 0))
            throw new ArgumentException($"epsilon is {epsilon}, expected more than 0", nameof(epsilon));
        if (!workspace.IsPlanning && !output.IsEmpty)
            SquashCore(workspace, input, epsilon, output);
    }

    /// <summary>The softmax over the rows of every sequence, column by column.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[rows, columns].</param>
    /// <param name="sequences">Which rows form a sequence.</param>
    /// <param name="output">[rows, columns], the input itself or apart from it.</param>
    /// <exception cref="ArgumentException">A shape does not fit, offsets are wrong or windows overlap.</exception>
    public void SegmentSoftmax(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
    {
        BeginRowwise(workspace, input, output);
        CheckRagged(workspace, sequences, nameof(sequences));
        CheckInput(workspace, input, sequences.RowCount, input.ColumnCount, nameof(input));
        if (!workspace.IsPlanning && !output.IsEmpty)
            SegmentSoftmaxCore(workspace, input, sequences, output);
    }

    /// <summary>Computes checked inner products.</summary>
    protected abstract void RowDotCore(Workspace workspace, Tensor left, Tensor right, Tensor output);

    /// <summary>Scales checked rows.</summary>
    protected abstract void ScaleRowsCore(Workspace workspace, Tensor input, Tensor factors, Tensor output);

    /// <summary>Computes checked interactions.</summary>
    protected abstract void FactorizationMachineCore(Workspace workspace, Tensor input, int fieldCount, Tensor output);

    /// <summary>Squashes checked rows.</summary>
    protected abstract void SquashCore(Workspace workspace, Tensor input, float epsilon, Tensor output);

    /// <summary>Computes a checked softmax over rows.</summary>
    protected abstract void SegmentSoftmaxCore(Workspace workspace, Tensor input, Ragged sequences, Tensor output);
}
