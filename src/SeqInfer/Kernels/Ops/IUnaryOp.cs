using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>A function of one value. Implemented by small structs, so that loops and epilogues inline it; parameters are fields.</summary>
internal interface IUnaryOp
{
    /// <summary>The function, lane by lane.</summary>
    V Apply<V>(V x)
        where V : unmanaged, ISimd<V>;
}
