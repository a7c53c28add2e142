using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>y = LayerNorm(x + residual), row by row.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[rows, size].</param>
    /// <param name="weights">Gain, offset, epsilon and kind.</param>
    /// <param name="output">[rows, size], the input or the residual itself, or apart from them.</param>
    /// <param name="residual">[rows, size], or null.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void LayerNorm(Workspace workspace, Tensor input, LayerNormWeights weights, Tensor output, Tensor? residual = null)
    {
        Begin(workspace, weights);
        CheckInput(workspace, input, weights.Size, nameof(input));
        CheckOutput(workspace, output, input.RowCount, weights.Size);
        CheckInput(workspace, residual, input.RowCount, weights.Size, nameof(residual));
        CheckSameOrApart(input, output);
        if (residual is { } added)
            CheckSameOrApart(added, output);
        if (!workspace.IsPlanning && !output.IsEmpty)
            LayerNormCore(workspace, input, weights, output, residual);
    }

    /// <summary>y = x * scale + shift, column by column: a batch norm with running statistics that no linear layer could take in.</summary>
    /// <param name="workspace">Holds both windows.</param>
    /// <param name="input">[rows, length].</param>
    /// <param name="scale">One factor a column.</param>
    /// <param name="shift">One summand a column.</param>
    /// <param name="output">[rows, length], the input itself or apart from it.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void ScaleShift(Workspace workspace, Tensor input, VectorWeights scale, VectorWeights shift, Tensor output)
    {
        Begin(workspace, scale);
        Begin(workspace, shift);
        CheckInput(workspace, input, scale.Length, nameof(input));
        CheckInput(workspace, input, shift.Length, nameof(input));
        CheckOutput(workspace, output, input.RowCount, input.ColumnCount);
        CheckSameOrApart(input, output);
        if (!workspace.IsPlanning && !output.IsEmpty)
            ScaleShiftCore(workspace, input, scale, shift, output);
    }

    /// <summary>y = x / ||x||, row by row; a row of length 0 stays 0.</summary>
    /// <param name="workspace">Holds both windows.</param>
    /// <param name="input">[rows, columns].</param>
    /// <param name="output">[rows, columns], the input itself or apart from it.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void NormalizeL2(Workspace workspace, Tensor input, Tensor output)
    {
        BeginRowwise(workspace, input, output);
        if (!workspace.IsPlanning && !output.IsEmpty)
            NormalizeL2Core(workspace, input, output);
    }

    /// <summary>
    /// The softmax of every row; with <paramref name="log"/> its logarithm. A row of minus infinity only has the softmax 0, its logarithm is
    /// minus infinity.
    /// </summary>
    /// <param name="workspace">Holds both windows.</param>
    /// <param name="input">[rows, columns].</param>
    /// <param name="output">[rows, columns], the input itself or apart from it.</param>
    /// <param name="log">True gives log-softmax.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void Softmax(Workspace workspace, Tensor input, Tensor output, bool log = false)
    {
        BeginRowwise(workspace, input, output);
        if (!workspace.IsPlanning && !output.IsEmpty)
            SoftmaxCore(workspace, input, output, log);
    }

    /// <summary>Computes a checked layer norm.</summary>
    protected abstract void LayerNormCore(Workspace workspace, Tensor input, LayerNormWeights weights, Tensor output, Tensor? residual);

    /// <summary>Scales and shifts checked windows.</summary>
    protected abstract void ScaleShiftCore(Workspace workspace, Tensor input, VectorWeights scale, VectorWeights shift, Tensor output);

    /// <summary>Normalises checked windows.</summary>
    protected abstract void NormalizeL2Core(Workspace workspace, Tensor input, Tensor output);

    /// <summary>Computes a checked softmax.</summary>
    protected abstract void SoftmaxCore(Workspace workspace, Tensor input, Tensor output, bool log);

    private void BeginRowwise(Workspace workspace, Tensor input, Tensor output)
    {
        Begin(workspace);
        workspace.Check(input, nameof(input));
        CheckOutput(workspace, output, input.RowCount, input.ColumnCount);
        CheckSameOrApart(input, output);
    }
}
