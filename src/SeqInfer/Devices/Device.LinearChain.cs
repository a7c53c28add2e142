using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>Linear layers one after the other: the same values, bit for bit, as <see cref="Linear"/> layer by layer.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[rows, in].</param>
    /// <param name="chain">The layers and their activations.</param>
    /// <param name="output">[rows, out], not overlapping the input; of several layers also the input itself.</param>
    /// <param name="residual">[rows, out], added after the last activation: the output itself or apart from it; or null.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void LinearChain(Workspace workspace, Tensor input, LinearChain chain, Tensor output, Tensor? residual = null)
    {
        Begin(workspace, chain.Stages[0].Weights);
        foreach (LinearStage stage in chain.Stages)
            ObjectDisposedException.ThrowIf(stage.Weights.IsDisposed, stage.Weights);
        CheckInput(workspace, input, chain.InputSize, nameof(input));
        CheckOutput(workspace, output, input.RowCount, chain.OutputSize);
        CheckInput(workspace, residual, input.RowCount, chain.OutputSize, nameof(residual));
        if (chain.Stages.Length == 1)
            CheckApart(input, output);
        else
            CheckSameOrApart(input, output);
        if (residual is { } added)
            CheckSameOrApart(added, output);
        if (!output.IsEmpty)
            LinearChainCore(workspace, input, chain, output, residual);
    }

    /// <summary>What the device wants to keep with a new chain of its layers; null for nothing.</summary>
    protected internal virtual object? PrepareChain(LinearChain chain) => null;

    /// <summary>Computes a checked chain; this one layer by layer. While planning, it only takes its scratch.</summary>
    protected virtual void LinearChainCore(Workspace workspace, Tensor input, LinearChain chain, Tensor output, Tensor? residual)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor front = workspace.Take(input.RowCount, chain.WidestInside);
        Tensor back = workspace.Take(input.RowCount, chain.Stages.Length > 2 ? chain.WidestInside : 0);
        Tensor x = input;
        for (int i = 0; i < chain.Stages.Length - 1; i++)
        {
            (LinearWeights weights, Activation activation) = chain.Stages[i];
            Tensor next = Workspace.Reuse(i % 2 == 0 ? front : back, weights.OutputSize);
            if (!next.IsEmpty)
                LinearCore(workspace, x, weights, next, activation, null);
            x = next;
        }

        LinearStage last = chain.Stages[^1];
        LinearCore(workspace, x, last.Weights, output, last.Activation, residual);
    }
}
