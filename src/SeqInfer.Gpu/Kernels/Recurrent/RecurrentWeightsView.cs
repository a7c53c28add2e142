using ILGPU;
using SeqInfer.Gpu.Kernels.Gemm;

namespace SeqInfer.Gpu.Kernels.Recurrent;

/// <summary>
/// W_hh as [hidden, gates * hidden], whose bias is what can be added to the input's part, and the rest of b_hh, which the reset gate
/// multiplies.
/// </summary>
internal readonly struct RecurrentWeightsView(PackedWeights hidden, ArrayView<float> candidateBias, int size)
{
    public readonly PackedWeights Hidden = hidden;

    public readonly int Size = size;

    private readonly ArrayView<float> _candidateBias = candidateBias;

    public float InputBias(int gate, int unit) => Hidden.Bias[(gate * Size) + unit];

    public float CandidateBias(int unit) => _candidateBias[unit];
}
