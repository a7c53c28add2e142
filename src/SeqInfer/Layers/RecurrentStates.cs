using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>The states of all layers of a recurrent network, layer after layer and direction after direction, as PyTorch lays them out.</summary>
/// <param name="Hidden">h, [states * batch, hidden size]; a narrower layer uses the first columns.</param>
/// <param name="Cell">c in the same order; LSTM only, or null.</param>
/// <param name="AreInitial">True goes on from what the windows hold; false starts from zeros. Either way they receive the last states.</param>
public readonly record struct RecurrentStates(Tensor Hidden, Tensor? Cell = null, bool AreInitial = false)
{
    internal RecurrentState Of(int state, int batch, int size) =>
        new(Hidden.Rows(state * batch, batch).Columns(0, size), Cell?.Rows(state * batch, batch).Columns(0, size));
}
