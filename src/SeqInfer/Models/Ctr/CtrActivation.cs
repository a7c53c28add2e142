using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>The activations of click-through models: the common ones, and those with weights of their own.</summary>
/// <param name="Plain">A function without weights; without meaning for the others.</param>
/// <param name="Form">Which form it has.</param>
internal readonly record struct CtrActivation(Activation Plain, CtrActivation.Kind Form = CtrActivation.Kind.Plain)
{
    /// <summary>DeepCTR's epsilon in the batch norm of its Dice.</summary>
    private const double DiceEpsilon = 1e-8;

    private static readonly (string Word, CtrActivation Value)[] Words =
    [
        .. ActivationNames.All.ToArray().Select(pair => (pair.Word, new CtrActivation(pair.Value))),
        ("dice_alpha_zero", new CtrActivation(ActivationKind.Silu)),
        ("dice_without_norm", new CtrActivation(default, Kind.DiceWithoutNorm)),
        ("dice", new CtrActivation(default, Kind.Dice)),
        ("prelu", new CtrActivation(default, Kind.PRelu)),
    ];

    /// <summary>Where the weights are.</summary>
    internal enum Kind
    {
        /// <summary>There are none.</summary>
        Plain,

        /// <summary>alpha.</summary>
        DiceWithoutNorm,

        /// <summary>alpha and bn.*.</summary>
        Dice,

        /// <summary>weight.</summary>
        PRelu,
    }

    /// <summary>True where there is a module for it in RecBole's list of layers.</summary>
    public bool IsModule => Form != Kind.Plain || Plain.Kind != ActivationKind.None;

    /// <summary>Reads the field that names an activation.</summary>
    public static CtrActivation Read(ModelConfig config, string field) => config.Choice(field, Words);

    /// <summary>Reads its weights below a scope.</summary>
    public ActivationLayer CreateLayer(Device device, WeightScope scope, int width) => Form switch
    {
        Kind.Plain => new ActivationLayer(Plain),
        Kind.PRelu => new ParametricRelu(device, scope.Vector("weight", HasSingle(scope) ? 1 : width)),
        Kind.Dice => new Dice(device, Alpha(scope, width), BatchNorm.Read(scope.Scope("bn"), width, DiceEpsilon)),
        _ => new Dice(device, Alpha(scope, width), null),
    };

    private static bool HasSingle(WeightScope scope) => scope.TryGetInfo("weight", out TensorInfo? tensor) && tensor.Shape.ElementCount == 1;

    private static Parameter Alpha(WeightScope scope, int width) => scope.TryGetInfo("alpha", out TensorInfo? tensor) && tensor.Shape.Rank == 2
        ? scope.Matrix("alpha", width, 1).Transpose()
        : scope.Vector("alpha", width);
}
