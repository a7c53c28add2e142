using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>y = activation(x W^T + b) + residual.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[rows, in].</param>
    /// <param name="weights">W [out, in] and b [out].</param>
    /// <param name="output">[rows, out], not overlapping the input.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    /// <param name="residual">[rows, out], the output itself or apart from it; or null.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void Linear(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation = default, Tensor? residual = null)
    {
        Begin(workspace, weights);
        CheckInput(workspace, input, weights.InputSize, nameof(input));
        CheckOutput(workspace, output, input.RowCount, weights.OutputSize);
        CheckInput(workspace, residual, input.RowCount, weights.OutputSize, nameof(residual));
        CheckApart(input, output);
        if (residual is { } added)
            CheckSameOrApart(added, output);
        if (!output.IsEmpty)
            LinearCore(workspace, input, weights, output, activation, residual);
    }

    /// <summary>Computes a checked linear layer. While planning, it only takes its scratch.</summary>
    protected abstract void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual);
}
