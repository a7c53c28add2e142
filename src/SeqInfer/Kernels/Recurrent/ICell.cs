using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>The arithmetic of a recurrent cell after its matrix products, for one vector of units. Lanes run over units.</summary>
/// <remarks>
/// It has two parts, each of which runs over several rows before the other does: the elementary function of every gate, and the new state.
/// As one chain they would be so long that a processor finds too little to do beside it.
/// </remarks>
internal interface ICell
{
    /// <summary>How many gates there are: 1 to 4. Gates the cell lacks hold nothing of use.</summary>
    static abstract int Gates { get; }

    /// <summary>
    /// Whether the last gate's recurrent part must stay apart from its input, as the reset gate multiplies the former alone:
    /// <see cref="Activate"/> does not take that gate then.
    /// </summary>
    static abstract bool HasCandidateApart { get; }

    /// <summary>Whether the cell has a second state.</summary>
    static abstract bool HasCellState { get; }

    /// <summary>Whether the cell takes an attention weight for each step.</summary>
    static abstract bool HasAttention { get; }

    /// <summary>
    /// Whether the product is with what a first stage made of the state, and not with the state itself. The state before then stands where the
    /// state after will.
    /// </summary>
    static abstract bool IsSecondStage { get; }

    /// <summary>The elementary function of a gate, or what the cell takes for it in <see cref="Step"/>.</summary>
    /// <param name="gate">Which gate, a constant.</param>
    /// <param name="x">W_ih x + W_hh h of the gate with its biases.</param>
    static abstract V Activate<V>(int gate, V x)
        where V : unmanaged, ISimd<V>;

    /// <summary>Makes the next state.</summary>
    /// <param name="gates">What <see cref="Activate"/> made of every gate; W_hh h of the last one where it is apart.</param>
    /// <param name="candidate">W_ih x of the last gate with its bias where it is apart.</param>
    /// <param name="candidateBias">The bias that belongs to its recurrent part.</param>
    /// <param name="attention">The step's attention weight in every lane; cells with <see cref="HasAttention"/> only.</param>
    /// <param name="h">The state before.</param>
    /// <param name="c">The second state before and after.</param>
    /// <returns>The state after.</returns>
    static abstract V Step<V>(Gates<V> gates, V candidate, V candidateBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V>;
}
