using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// AutoRec: an autoencoder with one hidden layer over a user's ratings (Sedhain et al. 2015); with users and items exchanged it is the
/// item-based form. Names ("encoder_decoder"): encoder.*, decoder.*.
/// </summary>
/// <remarks>The first layer is a sum of the rated items' columns. There is no incremental mode.</remarks>
public sealed class AutoRec : Model
{
    private readonly InteractionInput _input;
    private readonly SparseLinear _encoder;
    private readonly Activation _activation;
    private readonly RankingHead _head;
    private readonly int _latent;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public AutoRec(ModelConfig config, WeightScope weights, Device device)
        : base(device, MakeSignature(config, FirstId(config), Value(config)))
    {
        config.Choice("naming", ("encoder_decoder", true));
        int items = config.Int("num_items");
        int hidden = config.Int("hidden_size");
        int first = FirstId(config);
        _input = new InteractionInput(device, Value(config), first);
        _encoder = new SparseLinear(device, weights.Scope("encoder"), items, hidden);
        _activation = config.Choice("activation", ActivationNames.All);
        _latent = Signature.IndexOfOutput("latent");
        var rows = OutputRows.Read(weights.Scope("decoder"), items, hidden, first, first);
        _head = new RankingHead(
            device, rows.CreateCatalogue(device), config.Choice("output_activation", ActivationNames.All), Signature, rows.FirstScored);
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        Tensor latent = pass.EmitNew(_latent, pass.Batch.Count, _encoder.OutputSize);
        using (workspace.Frame())
        {
            Ragged users = _input.Read(pass, out Indices columns, out Tensor? values);
            _encoder.Forward(workspace, columns, users, values, latent, _activation);
        }

        _head.Forward(pass, latent);
    }

    private static int FirstId(ModelConfig config) => config.Int("first_item_id", min: 0, max: 1);

    private static InteractionValue Value(ModelConfig config) => config.Choice(
        "input",
        ("ratings", InteractionValue.Rating),
        ("binary", InteractionValue.Binary),
        ("binary_l2_normalized", InteractionValue.BinaryL2Normalized));

    private static ModelSignature MakeSignature(ModelConfig config, int firstId, InteractionValue value)
    {
        int items = config.Int("num_items", max: int.MaxValue - 1);
        int last = firstId + items - 1;
        return new ModelSignature(
            [.. InteractionInput.Inputs(value, firstId, last), .. RankingHead.Inputs(firstId, last)],
            [
                .. RankingHead.Outputs(items, firstItem: firstId, firstRanked: firstId),
                new OutputSpec { Name = "latent", Kind = OutputKind.PerRow, Width = config.Int("hidden_size") },
            ]);
    }
}
