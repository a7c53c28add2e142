using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>One row for every sequence; zeros for an empty one.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[rows, columns].</param>
    /// <param name="sequences">Which rows form a sequence.</param>
    /// <param name="kind">How rows become one.</param>
    /// <param name="output">[sequences, columns], not overlapping the input.</param>
    /// <exception cref="ArgumentException">A shape does not fit, offsets are wrong or windows overlap.</exception>
    public void Pool(Workspace workspace, Tensor input, Ragged sequences, PoolKind kind, Tensor output)
    {
        Begin(workspace);
        CheckRagged(workspace, sequences, nameof(sequences));
        CheckInput(workspace, input, sequences.RowCount, input.ColumnCount, nameof(input));
        CheckOutput(workspace, output, sequences.Count, input.ColumnCount);
        CheckApart(input, output);
        if (!workspace.IsPlanning && !output.IsEmpty)
            PoolCore(workspace, input, sequences, kind, output);
    }

    /// <summary>Pools checked windows.</summary>
    protected abstract void PoolCore(Workspace workspace, Tensor input, Ragged sequences, PoolKind kind, Tensor output);
}
