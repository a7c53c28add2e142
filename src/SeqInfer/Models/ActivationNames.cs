using SeqInfer.Devices;

namespace SeqInfer.Models;

/// <summary>The words that configurations use for activations.</summary>
internal static class ActivationNames
{
    /// <summary>Every element-wise function without parameters of its own in the file.</summary>
    public static ReadOnlySpan<(string Word, Activation Value)> All => new (string, Activation)[]
    {
        ("none", Activation.None),
        ("relu", ActivationKind.Relu),
        ("leaky_relu", ActivationKind.LeakyRelu),
        ("elu", ActivationKind.Elu),
        ("gelu", ActivationKind.Gelu),
        ("gelu_tanh", ActivationKind.GeluTanh),
        ("silu", ActivationKind.Silu),
        ("sigmoid", ActivationKind.Sigmoid),
        ("tanh", ActivationKind.Tanh),
    };
}
