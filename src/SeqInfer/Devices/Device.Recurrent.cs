using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>Runs one direction of one recurrent layer over ragged sequences.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[rows, input size].</param>
    /// <param name="weights">Cell, sizes, direction and weights.</param>
    /// <param name="sequences">Which rows form a sequence.</param>
    /// <param name="initial">State before the first step, [batch, hidden size] each; null parts are zero.</param>
    /// <param name="output">[rows, hidden size]: h after every step, at the step's own row; or null. Apart from all other windows.</param>
    /// <param name="final">
    /// Receives the state after the last step (of an empty sequence: the initial one); null parts are not stored.
    /// Each part is the same part of <paramref name="initial"/> itself or apart from all other windows.
    /// </param>
    /// <param name="attention">[rows, 1], one weight a step, for the cells that take one; null for the others. Apart from what is written.</param>
    /// <exception cref="ArgumentException">A shape does not fit, offsets are wrong, windows overlap, or attention is missing or too much.</exception>
    public void Recurrent(
        Workspace workspace,
        Tensor input,
        RecurrentWeights weights,
        Ragged sequences,
        RecurrentState initial,
        Tensor? output,
        RecurrentState final,
        Tensor? attention = null)
    {
        Begin(workspace, weights);
        CheckRagged(workspace, sequences, nameof(sequences));
        RecurrentSpec spec = weights.Spec;
        CheckInput(workspace, input, sequences.RowCount, spec.InputSize, nameof(input));
        CheckInput(workspace, output, sequences.RowCount, spec.HiddenSize, nameof(output));
        CheckState(workspace, initial, spec, sequences.Count, nameof(initial));
        CheckState(workspace, final, spec, sequences.Count, nameof(final));
        CheckInput(workspace, attention, sequences.RowCount, 1, nameof(attention));
        if (spec.HasAttention != attention is not null)
            throw new ArgumentException($"a {spec.Cell} cell takes {(spec.HasAttention ? "an" : "no")} attention weight for each step", nameof(attention));
        CheckApart(attention, output);
        CheckApart(attention, final.Hidden);
        CheckApart(input, output);
        CheckApart(initial.Hidden, output);
        CheckApart(initial.Cell, output);
        CheckFinal(final.Hidden, initial.Hidden, input, initial.Cell, output);
        CheckFinal(final.Cell, initial.Cell, input, initial.Hidden, output);
        CheckApart(final.Hidden, final.Cell);
        if (sequences.Count > 0)
            RecurrentCore(workspace, input, weights, sequences, initial, output, final, attention);
    }

    /// <summary>Runs a checked layer. While planning, it only takes its scratch.</summary>
    protected abstract void RecurrentCore(
        Workspace workspace,
        Tensor input,
        RecurrentWeights weights,
        Ragged sequences,
        RecurrentState initial,
        Tensor? output,
        RecurrentState final,
        Tensor? attention);

    private static void CheckFinal(Tensor? final, Tensor? initial, Tensor input, Tensor? otherInitial, Tensor? output)
    {
        if (final != initial)
            CheckApart(initial, final);
        CheckApart(input, final);
        CheckApart(otherInitial, final);
        CheckApart(output, final);
    }

    private static void CheckState(Workspace workspace, RecurrentState state, RecurrentSpec spec, int batch, string name)
    {
        CheckInput(workspace, state.Hidden, batch, spec.HiddenSize, name);
        CheckInput(workspace, state.Cell, batch, spec.HiddenSize, name);
        if (state.Cell is not null && !spec.HasCellState)
            throw new ArgumentException($"a {spec.Cell} cell has no cell state", name);
    }
}
