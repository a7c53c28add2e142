using SeqInfer.Tensors;

namespace SeqInfer.Devices;

/// <summary>Cell, sizes and direction of a recurrent layer.</summary>
/// <param name="Cell">Which cell.</param>
/// <param name="InputSize">Columns of the input; with <paramref name="ProjectedInput"/> that is gates * hidden size.</param>
/// <param name="HiddenSize">Columns of the state.</param>
/// <param name="Reverse">True runs every sequence from its last row to its first.</param>
/// <param name="ProjectedInput">True when the input is W_ih x already (a one-hot input is a column of W_ih).</param>
public readonly record struct RecurrentSpec(RecurrentCell Cell, int InputSize, int HiddenSize, bool Reverse = false, bool ProjectedInput = false)
{
    /// <summary>How many gates the cell has: 1, 3 or 4.</summary>
    public int GateCount => GatesOf(Cell);

    /// <summary>True for the cell that carries a second state.</summary>
    public bool HasCellState => Cell == RecurrentCell.Lstm;

    /// <summary>True for the cells that take an attention weight for each step.</summary>
    public bool HasAttention => Cell is RecurrentCell.AttentionalUpdateGru or RecurrentCell.AttentionGru;

    /// <summary>How many gates a cell has.</summary>
    public static int GatesOf(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Lstm => 4,
        RecurrentCell.Gru or RecurrentCell.GruResetFirst or RecurrentCell.AttentionalUpdateGru or RecurrentCell.AttentionGru => 3,
        _ => 1,
    };
}

/// <summary>The state of a recurrent layer, [batch, hidden size] each; a part that is null is zero (going in) or not wanted (coming out).</summary>
/// <param name="Hidden">h.</param>
/// <param name="Cell">c, LSTM only.</param>
public readonly record struct RecurrentState(Tensor? Hidden, Tensor? Cell = null);
