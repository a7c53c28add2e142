using SeqInfer.Devices;

namespace SeqInfer.Tests.Devices.Harness;

/// <summary>Takes windows, writes inputs and gives back the operation, which can then be run any number of times.</summary>
internal delegate Action OpSetup(OpRun run);

/// <summary>A call of an operation with certain shapes.</summary>
/// <param name="Shapes">What is particular about it, for messages.</param>
/// <param name="Seed">Where its random inputs come from.</param>
/// <param name="Tolerance">How far single precision may be from the oracle.</param>
/// <param name="Setup">Prepares the call.</param>
internal sealed record OpCase(string Shapes, int Seed, OpTolerance Tolerance, OpSetup Setup)
{
    /// <summary>How the devices hold the weights.</summary>
    public WeightStorage Storage { get; init; }

    public override string ToString() => $"{Shapes}, {Storage}, seed {Seed}";
}
