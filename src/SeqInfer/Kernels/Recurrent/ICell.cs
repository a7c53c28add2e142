using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>The arithmetic of a recurrent cell after its matrix products, for one vector of units. Lanes run over units.</summary>
internal interface ICell
{
    /// <summary>How many gates there are: 1, 3 or 4. Gates the cell lacks hold nothing of use.</summary>
    static abstract int Gates { get; }

    /// <summary>Whether the cell has a second state.</summary>
    static abstract bool HasCellState { get; }

    /// <summary>Whether the cell takes an attention weight for each step.</summary>
    static abstract bool HasAttention { get; }

    /// <summary>
    /// Whether the product is with what a first stage made of the state, and not with the state itself. The state before then stands where the
    /// state after will.
    /// </summary>
    static abstract bool IsSecondStage { get; }

    /// <summary>Makes the next state.</summary>
    /// <param name="recurrent">W_hh h of every gate.</param>
    /// <param name="input">W_ih x of every gate with the biases that may be added to it.</param>
    /// <param name="recurrentBias">The bias that belongs to the recurrent part of the last gate alone; GRU only.</param>
    /// <param name="attention">The step's attention weight in every lane; cells with <see cref="HasAttention"/> only.</param>
    /// <param name="h">The state before.</param>
    /// <param name="c">The second state before and after.</param>
    /// <returns>The state after.</returns>
    static abstract V Step<V>(Gates<V> recurrent, Gates<V> input, V recurrentBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V>;
}
