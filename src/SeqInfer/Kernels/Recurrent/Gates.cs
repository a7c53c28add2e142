using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>One vector of units of every gate, in PyTorch's order. Gates the cell lacks hold nothing of use.</summary>
internal readonly struct Gates<V>(V first, V second, V third, V fourth)
    where V : unmanaged, ISimd<V>
{
    public readonly V First = first;
    public readonly V Second = second;
    public readonly V Third = third;
    public readonly V Fourth = fourth;
}
