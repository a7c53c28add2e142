namespace SeqInfer.Devices;

/// <summary>The element-wise functions that follow a layer.</summary>
public enum ActivationKind
{
    /// <summary>x.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x * Phi(x), the exact form with erf.</summary>
    Gelu,

    /// <summary>The tanh form of GELU.</summary>
    GeluTanh,

    /// <summary>x * sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x where x is positive, alpha * x elsewhere.</summary>
    LeakyRelu,

    /// <summary>x where x is positive, alpha * (exp(x) - 1) elsewhere.</summary>
    Elu,

    /// <summary>sign(x) * sqrt(|x|): minus a squared distance becomes minus the distance.</summary>
    SignedSqrt,
}

/// <summary>An element-wise function with its parameter.</summary>
/// <param name="Kind">Which function.</param>
/// <param name="Alpha">Negative slope of <see cref="ActivationKind.LeakyRelu"/>, scale of <see cref="ActivationKind.Elu"/>; unused elsewhere.</param>
public readonly record struct Activation(ActivationKind Kind, float Alpha = 0)
{
    /// <summary>The identity.</summary>
    public static Activation None => default;

    /// <summary>A function without a parameter is its kind.</summary>
    public static implicit operator Activation(ActivationKind kind) => FromActivationKind(kind);

    /// <summary>A function without a parameter is its kind; the others get PyTorch's defaults (0.01 and 1).</summary>
    public static Activation FromActivationKind(ActivationKind kind) => kind switch
    {
        ActivationKind.LeakyRelu => new(kind, 0.01f),
        ActivationKind.Elu => new(kind, 1f),
        _ => new(kind),
    };
}
