using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ops;

/// <summary>A function of two values. Implemented by small structs, so that loops inline it.</summary>
internal interface IBinaryOp
{
    /// <summary>The function, lane by lane.</summary>
    V Apply<V>(V a, V b)
        where V : unmanaged, ISimd<V>;
}
