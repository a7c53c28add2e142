using SeqInfer.Devices;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Contract;

/// <summary>Weights that break one rule each; the message must contain the words given with it.</summary>
internal static class BadWeights
{
    public static readonly Dictionary<string, (string Words, Action<Device> Create)> ByName = new()
    {
        ["Linear: bias of other length"] = (
            "b is [1, 3], expected [1, 2]",
            device => device.CreateLinear(Zeros("w", 2, 4), Zeros("b", 1, 3))),
        ["Linear: bias is a column"] = ("b is [2, 1], expected [1, 2]", device => device.CreateLinear(Zeros("w", 2, 4), Zeros("b", 2, 1))),
        ["Vector: two rows"] = ("v is [2, 3], expected [1, 3]", device => device.CreateVector(Zeros("v", 2, 3))),
        ["LayerNorm: gamma is a matrix"] = (
            "g is [2, 3], expected [1, 3]",
            device => device.CreateLayerNorm(Zeros("g", 2, 3), Zeros("b", 1, 3), 1)),
        ["LayerNorm: beta of other length"] = (
            "b is [1, 4], expected [1, 3]",
            device => device.CreateLayerNorm(Zeros("g", 1, 3), Zeros("b", 1, 4), 1)),
        ["LayerNorm: negative epsilon"] = ("epsilon is -1", device => device.CreateLayerNorm(Zeros("g", 1, 3), Zeros("b", 1, 3), -1)),
        ["LayerNorm: epsilon is NaN"] = (
            "epsilon is NaN",
            device => device.CreateLayerNorm(Zeros("g", 1, 3), Zeros("b", 1, 3), double.NaN)),
        ["LayerNorm: infinite epsilon"] = (
            "epsilon is",
            device => device.CreateLayerNorm(Zeros("g", 1, 3), Zeros("b", 1, 3), double.PositiveInfinity)),
        ["Recurrent: W_ih of other rows"] = (
            "w is [4, 3], expected [8, 3]",
            device => Recurrent(device, Zeros("w", 4, 3), Zeros("u", 8, 2))),
        ["Recurrent: W_hh of other columns"] = (
            "u is [8, 3], expected [8, 2]",
            device => Recurrent(device, Zeros("w", 8, 3), Zeros("u", 8, 3))),
        ["Recurrent: b_ih of other length"] = (
            "b is [1, 7], expected [1, 8]",
            device => Recurrent(device, Zeros("w", 8, 3), Zeros("u", 8, 2), Zeros("b", 1, 7))),
        ["Recurrent: b_hh of other length"] = (
            "b is [1, 9], expected [1, 8]",
            device => Recurrent(device, Zeros("w", 8, 3), Zeros("u", 8, 2), null, Zeros("b", 1, 9))),
        ["Recurrent: no W_ih"] = ("whose input is not projected", device => Recurrent(device, null, Zeros("u", 8, 2))),
        ["Recurrent: W_ih of a projected input"] = ("whose input is not projected", device =>
            device.CreateRecurrent(new(RecurrentCell.Lstm, 8, 2, ProjectedInput: true), Zeros("w", 8, 8), Zeros("u", 8, 2), null, null)),
        ["Recurrent: projected input of other columns"] = ("a projected input has 8 columns, not 3", device =>
            device.CreateRecurrent(new(RecurrentCell.Lstm, 3, 2, ProjectedInput: true), null, Zeros("u", 8, 2), null, null)),
        ["Catalogue: bias of other length"] = (
            "b is [1, 3], expected [1, 5]",
            device => device.CreateCatalogue(Zeros("i", 5, 4), Zeros("b", 1, 3), new())),
        ["Catalogue: bias of a distance"] = ("a bias has no meaning with Cosine", device =>
            device.CreateCatalogue(Zeros("i", 5, 4), Zeros("b", 1, 5), new() { Similarity = Similarity.Cosine })),
        ["Catalogue: excluded id past the rows"] = ("excluded id 5 is not one of the 5 rows", device =>
            device.CreateCatalogue(Zeros("i", 5, 4), null, new() { ExcludedIds = [0, 5] })),
        ["Catalogue: negative excluded id"] = (
            "excluded id -1",
            device => device.CreateCatalogue(Zeros("i", 5, 4), null, new() { ExcludedIds = [-1] })),
    };

    private static Parameter Zeros(string name, int rows, int columns) => Parameter.Zeros(name, rows, columns);

    private static void Recurrent(Device device, Parameter? weightIh, Parameter weightHh, Parameter? biasIh = null, Parameter? biasHh = null) =>
        device.CreateRecurrent(new RecurrentSpec(RecurrentCell.Lstm, 3, 2), weightIh, weightHh, biasIh, biasHh);
}
