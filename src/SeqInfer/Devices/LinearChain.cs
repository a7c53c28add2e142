using System.Collections.Immutable;

namespace SeqInfer.Devices;

/// <summary>A linear layer of a chain and what follows it.</summary>
/// <param name="Weights">W [out, in] and b [out].</param>
/// <param name="Activation">Applied to W x + b.</param>
public sealed record LinearStage(LinearWeights Weights, Activation Activation);

/// <summary>Linear layers of one device, each over what the one before gives, that <see cref="Device.LinearChain"/> computes in one operation.</summary>
public sealed class LinearChain
{
    /// <summary>Joins layers.</summary>
    /// <exception cref="ArgumentException">There is none, one does not take what the one before gives, or they belong to several devices.</exception>
    public LinearChain(params IEnumerable<LinearStage> stages)
    {
        Stages = [.. stages];
        if (Stages.IsEmpty)
            throw new ArgumentException("a chain has at least one layer", nameof(stages));
        Device = Stages[0].Weights.Device;
        for (int i = 1; i < Stages.Length; i++)
        {
            LinearWeights before = Stages[i - 1].Weights;
            LinearWeights weights = Stages[i].Weights;
            if (weights.Device != Device)
                throw new ArgumentException($"layer {i} belongs to another device, '{weights.Device.Name}'", nameof(stages));
            if (weights.InputSize != before.OutputSize)
                throw new ArgumentException($"layer {i} takes {weights.InputSize} columns, expected the {before.OutputSize} of the layer before", nameof(stages));
            WidestInside = Math.Max(WidestInside, before.OutputSize);
        }

        Prepared = Device.PrepareChain(this);
    }

    /// <summary>The layers in order.</summary>
    public ImmutableArray<LinearStage> Stages { get; }

    /// <summary>The device of all layers.</summary>
    public Device Device { get; }

    /// <summary>Columns of the first layer's input.</summary>
    public int InputSize => Stages[0].Weights.InputSize;

    /// <summary>Columns of the last layer's output.</summary>
    public int OutputSize => Stages[^1].Weights.OutputSize;

    /// <summary>Columns of the widest result between two layers; 0 for a single layer.</summary>
    internal int WidestInside { get; }

    /// <summary>What the device keeps with it.</summary>
    internal object? Prepared { get; }
}
