using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>The calls of other generators on devices that hold weights in another way.</summary>
internal static class StorageOps
{
    // States reach 2, relu ones a few times that.
    private const double StateMagnitude = 4;

    /// <summary>Calls whose inputs are the same numbers on every device: rounding them leaves the same, too.</summary>
    public static Gen<OpCase> With(Gen<OpCase> ops, WeightStorage storage) => ops.Select(op => op with { Storage = storage });

    /// <summary>Calls that round what they have computed themselves.</summary>
    public static Gen<OpCase> WithRoundedStates(Gen<OpCase> ops, WeightStorage storage) =>
        ops.Select(op => op with { Storage = storage, Tolerance = OpTolerance.RoundedStates(StateMagnitude) });
}
