using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>Makes one row of all steps of a sequence; all sequences have the same length.</summary>
    /// <param name="workspace">Holds both windows.</param>
    /// <param name="input">[sequences * steps, channels].</param>
    /// <param name="steps">Steps of a sequence, at least 1.</param>
    /// <param name="order">Which of step and channel runs faster.</param>
    /// <param name="output">[sequences, steps * channels], apart from the input.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void Flatten(Workspace workspace, Tensor input, int steps, FlattenOrder order, Tensor output)
    {
        Begin(workspace);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        workspace.Check(input, nameof(input));
        if (input.RowCount % steps != 0)
            throw new ArgumentException($"{input.RowCount} rows are no whole number of sequences of {steps} steps", nameof(input));
        CheckOutput(workspace, output, input.RowCount / steps, checked(steps * input.ColumnCount));
        CheckApart(input, output);
        if (!workspace.IsPlanning && !output.IsEmpty)
            FlattenCore(workspace, input, steps, order, output);
    }

    /// <summary>Flattens checked windows.</summary>
    protected abstract void FlattenCore(Workspace workspace, Tensor input, int steps, FlattenOrder order, Tensor output);
}
