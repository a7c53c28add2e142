using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// GRU4Rec with the names and arithmetic of its authors' PyTorch code, "hidasib" (github.com/hidasib/GRU4Rec_PyTorch_Official; Hidasi and
/// Karatzoglou 2018).
/// </summary>
/// <remarks>
/// Layers are PyTorch's GRU cells (G.i) of any sizes. With a one-hot input the first is the code's own cell (GE), which multiplies by the reset gate
/// before the product and whose update gate takes the new state. The input may share the output's rows (Wy). Ids count from 0.
/// </remarks>
public sealed class HidasibGru4Rec : RecurrentFamily
{
    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public HidasibGru4Rec(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, config.Int("num_items"), ReadSizes(config))
    {
    }

    private HidasibGru4Rec(ModelConfig config, WeightScope weights, Device device, int itemCount, ImmutableArray<int> sizes)
        : base(device, new SequenceEncoderShape(sizes[^1], FirstId: 0, itemCount - 1, itemCount - 1, config.OptionalInt("max_length", 0)))
    {
        config.Choice("naming", ("hidasib", true));
        config.Choice("padding_side", TransformerOptions.PaddingSides);
        config.Choice("output_head", ("linear", true));
        config.Int("first_item_id", min: 0, max: 0);
        Activation activation = config.Choice("final_activation", ("none", Activation.None), ("tanh", (Activation)ActivationKind.Tanh));
        Source source = config.Choice("input", ("one_hot", Source.OneHot), ("embedding", Source.Embedding), ("shared_embedding", Source.Shared));

        Parameter output = weights.Matrix("Wy.weight", itemCount, sizes[^1]);
        Parameter? items = source switch
        {
            Source.OneHot => null,
            Source.Embedding => weights.Matrix("E.weight", itemCount, config.Int("embedding_size")),
            _ => output,
        };
        if (source != Source.Embedding)
            config.Ignore("embedding_size");

        var layers = new List<RecurrentLayer>();
        if (items is null)
            layers.Add(ReadOneHot(weights.Scope("GE"), device, itemCount, sizes[0]));
        int inputSize = items?.Columns ?? itemCount;
        for (int i = layers.Count; i < sizes.Length; i++)
        {
            WeightScope cell = weights.Scope($"G.{(items is null ? i - 1 : i)}");
            layers.Add(RecurrentLayer.Read(device, cell, new RecurrentSpec(RecurrentCell.Gru, i == 0 ? inputSize : sizes[i - 1], sizes[i])));
        }

        var shape = new RecurrentShape(RecurrentCell.Gru, inputSize, sizes.Max(), sizes.Length, IsOneHot: items is null) { TopSize = sizes[^1] };
        Encoder = new RecurrentEncoder(device, Signature, items, new RecurrentStack(device, shape, [.. layers]));
        Parameter bias = weights.Matrix("By.weight", itemCount, 1).Transpose();
        RankWith(device.CreateCatalogue(output, bias, new CatalogueOptions()), activation);
    }

    private enum Source
    {
        OneHot,
        Embedding,
        Shared,
    }

    private static ImmutableArray<int> ReadSizes(ModelConfig config)
    {
        ImmutableArray<int> sizes = config.Ints("hidden_sizes");
        return sizes.IsEmpty ? throw config.Error("hidden_sizes", "is empty; expected at least one layer") : sizes;
    }

    // The file has the gates n, r, z with kernels [in, out]; z takes the new state, and 1 - sigmoid(a) = sigmoid(-a) keeps the old one.
    private static RecurrentLayer ReadOneHot(WeightScope scope, Device device, int itemCount, int size)
    {
        Parameter recurrent = scope.Matrix("Wrz0", size, 2 * size).Transpose();
        Parameter candidate = scope.Matrix("Wh0", size, size).Transpose();
        Parameter weightHh = Parameter.ConcatRows(
            recurrent.Name, recurrent.SliceRows(0, size), recurrent.SliceRows(size, size).Scale(-1), candidate);
        return RecurrentLayer.OneHot(
            device,
            new RecurrentSpec(RecurrentCell.GruResetFirst, itemCount, size),
            Reorder(scope.Matrix("Wx0.weight", itemCount, 3 * size)),
            weightHh,
            Reorder(scope.Vector("Bh0", 3 * size)),
            null);

        Parameter Reorder(Parameter gates) => Parameter.ConcatColumns(
            gates.Name, gates.SliceColumns(size, size), gates.SliceColumns(2 * size, size).Scale(-1), gates.SliceColumns(0, size));
    }
}
