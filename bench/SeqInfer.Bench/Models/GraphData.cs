using SeqInfer.Inputs;

namespace SeqInfer.Bench.Models;

/// <summary>Graphs as models take them.</summary>
internal static class GraphData
{
    /// <summary>Edges, and random features of all nodes.</summary>
    /// <param name="sources">Where each edge begins.</param>
    /// <param name="targets">Where it ends.</param>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="features">Features of a node.</param>
    /// <param name="random">Draws the features, between -1 and 1.</param>
    public static ModelData Create(int[] sources, int[] targets, int nodes, int features, Random random)
    {
        float[] values = new float[nodes * features];
        foreach (ref float value in values.AsSpan())
            value = (2 * random.NextSingle()) - 1;
        return new ModelData()
            .Add("edges.sources", sources.Length, 1, sources)
            .Add("edges.targets", targets.Length, 1, targets)
            .Add("node_features", nodes, features, values);
    }
}
