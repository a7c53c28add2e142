using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Segments by k-means: the distance of a point to every centre, and the nearest centres. Names ("sklearn"): cluster_centers_.
/// </summary>
public sealed class KMeans : Model
{
    private readonly int _featureCount;
    private readonly int _distances;
    private readonly Catalogue _centres;
    private readonly Bias _minus;
    private readonly RankingHead _head;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public KMeans(ModelConfig config, WeightScope weights, Device device)
        : base(device, MakeSignature(config.Int("num_clusters"), config.Int("num_features")))
    {
        config.Choice("naming", ("sklearn", true));
        int clusters = config.Int("num_clusters");
        _featureCount = config.Int("num_features");
        _distances = Signature.IndexOfOutput("distances");
        _centres = device.CreateCatalogue(
            weights.Matrix("cluster_centers_", clusters, _featureCount), null, new CatalogueOptions { Similarity = Similarity.NegL2Squared });
        _minus = new Bias(device, Parameter.Zeros("no bias", 1, clusters), scale: -1);
        _head = new RankingHead(device, _centres, ActivationKind.SignedSqrt, Signature);
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        int batch = pass.Batch.Count;
        Tensor points = pass.Take(batch, _featureCount);
        Device.Write(workspace, ((ValueColumn)pass.Batch[0]).Values, points);
        if (pass.Wants(_distances))
        {
            Tensor distances = pass.EmitNew(_distances, batch, _centres.RowCount);
            Device.Score(workspace, points, _centres, distances);
            Device.Apply(workspace, distances, ActivationKind.SignedSqrt, distances);
            _minus.Forward(workspace, distances, distances);
        }

        _head.Forward(pass, points);
    }

    private static ModelSignature MakeSignature(int clusters, int features) => new(
        [
            new InputSpec { Name = "features", Kind = InputKind.Values, Width = features },
            .. RankingHead.Inputs(0, clusters - 1).Where(input => input.Name == RankingHead.ExcludeInput),
        ],
        [
            new OutputSpec { Name = "distances", Kind = OutputKind.PerRow, Width = clusters },
            .. RankingHead.Outputs(clusters).Where(output => output.Name == RankingHead.TopKOutput),
        ]);
}
