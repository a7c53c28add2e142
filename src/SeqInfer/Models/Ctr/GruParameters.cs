using SeqInfer.Devices;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>The weights of a GRU whose states are as wide as its input, in PyTorch's gate order r, z, n.</summary>
/// <param name="scope">Holds weight_ih, weight_hh, bias_ih and bias_hh.</param>
/// <param name="suffix">What follows these names.</param>
/// <param name="width">Columns of input and state.</param>
internal sealed class GruParameters(WeightScope scope, string suffix, int width)
{
    private readonly Parameter _weightHh = scope.Matrix($"weight_hh{suffix}", checked(3 * width), width);
    private readonly Parameter _biasIh = scope.Vector($"bias_ih{suffix}", 3 * width);
    private readonly Parameter _biasHh = scope.Vector($"bias_hh{suffix}", 3 * width);

    /// <summary>W_ih, [3 * width, width].</summary>
    public Parameter WeightIh { get; } = scope.Matrix($"weight_ih{suffix}", checked(3 * width), width);

    /// <summary>A GRU over its input.</summary>
    public RecurrentWeights CreateWhole(Device device) =>
        device.CreateRecurrent(new RecurrentSpec(RecurrentCell.Gru, width, width), WeightIh, _weightHh, _biasIh, _biasHh);

    /// <summary>A GRU, or a kind of it, over W_ih x, which is computed before.</summary>
    public RecurrentWeights CreateProjected(Device device, RecurrentCell cell) => device.CreateRecurrent(
        new RecurrentSpec(cell, 3 * width, width, ProjectedInput: true), null, _weightHh, _biasIh, _biasHh);
}
