using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>The states of all layers of a recurrent network, layer after layer and direction after direction, as PyTorch lays them out.</summary>
/// <param name="Hidden">h, [states * batch, hidden size]; a narrower layer uses the first columns.</param>
/// <param name="Cell">c in the same order; LSTM only, or null.</param>
/// <param name="AreInitial">True goes on from what the windows hold; false starts from zeros. Either way they receive the last states.</param>
public readonly record struct RecurrentStates(Tensor Hidden, Tensor? Cell = null, bool AreInitial = false)
{
    // A run of sequences starts here in each state's rows; 0 rows a state where the windows hold no other sequences.
    private int First { get; init; }

    private int BatchRows { get; init; }

    /// <summary>The states of a run of the batch's sequences.</summary>
    /// <param name="first">The first one.</param>
    /// <param name="batch">Sequences of the batch.</param>
    internal RecurrentStates From(int first, int batch) => this with { First = first, BatchRows = batch };

    internal RecurrentState Of(int state, int count, int size)
    {
        int first = (state * Math.Max(BatchRows, count)) + First;
        return new(Hidden.Rows(first, count).Columns(0, size), Cell?.Rows(first, count).Columns(0, size));
    }
}
