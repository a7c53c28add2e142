namespace SeqInfer.Kernels.Simd;

/// <summary>Turns an <see cref="Isa"/> chosen at run time into the type parameter that kernels are compiled for.</summary>
/// <remarks>
/// Dispatch happens once, when a device is created: the visitor builds the object whose virtual methods are the kernels of that
/// width. An object for an unsupported instruction set cannot come to exist, since nothing else names the vector types.
/// </remarks>
internal static class IsaDispatch
{
    /// <summary>What <paramref name="visitor"/> makes for <paramref name="isa"/>, or null if this process does not support it.</summary>
    public static TResult? TryCreate<TVisitor, TResult>(Isa isa, TVisitor visitor)
        where TVisitor : struct, IIsaVisitor<TResult>
        where TResult : class => isa switch
        {
            Isa.Avx512 => Visit<F512, TVisitor, TResult>(visitor),
            Isa.Avx2 => Visit<F256, TVisitor, TResult>(visitor),
            Isa.Vector128 => Visit<F128, TVisitor, TResult>(visitor),
            Isa.Scalar => Visit<F1, TVisitor, TResult>(visitor),
            _ => null,
        };

    private static TResult? Visit<V, TVisitor, TResult>(TVisitor visitor)
        where V : unmanaged, ISimd<V>
        where TVisitor : struct, IIsaVisitor<TResult>
        where TResult : class =>
        V.IsSupported ? visitor.Visit<V>() : null;
}

/// <summary>Something to make for a vector type, such as the kernels of a device.</summary>
internal interface IIsaVisitor<out TResult>
    where TResult : class
{
    /// <summary>Makes the object; <typeparamref name="V"/> is supported by this process.</summary>
    TResult Visit<V>()
        where V : unmanaged, ISimd<V>;
}
