using SeqInfer.Devices;

namespace SeqInfer.Tests.Devices.Golden;

/// <summary>Activations as the golden files name them.</summary>
internal static class ActivationNames
{
    private static readonly Dictionary<string, ActivationKind> ByName = new()
    {
        ["none"] = ActivationKind.None,
        ["relu"] = ActivationKind.Relu,
        ["leaky_relu"] = ActivationKind.LeakyRelu,
        ["elu"] = ActivationKind.Elu,
        ["gelu"] = ActivationKind.Gelu,
        ["gelu_tanh"] = ActivationKind.GeluTanh,
        ["silu"] = ActivationKind.Silu,
        ["sigmoid"] = ActivationKind.Sigmoid,
        ["tanh"] = ActivationKind.Tanh,
    };

    /// <summary>Whether the name is that of an activation; files also hold functions that are none.</summary>
    public static bool IsActivation(string name) => ByName.ContainsKey(name);

    public static Activation Parse(GoldenCase golden, string key) => new(ByName[golden.Text(key)], (float)(golden.OptionalValue("alpha") ?? 0));
}
