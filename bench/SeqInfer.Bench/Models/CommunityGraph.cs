using SeqInfer.Inputs;

namespace SeqInfer.Bench.Models;

/// <summary>
/// Random graphs of communities of equal size (planted partition, Condon and Karp 2001): most edges stay inside, the others go anywhere. Node
/// numbers say nothing about communities.
/// </summary>
internal static class CommunityGraph
{
    private const double Inside = 0.8;
    private const int Seed = 43;

    /// <summary>Edges in both directions, and features of all nodes.</summary>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="degree">Neighbours of a node on average.</param>
    /// <param name="features">Features of a node.</param>
    /// <param name="size">Nodes of a community.</param>
    public static ModelData Create(int nodes, int degree, int features, int size)
    {
        var random = new Random(Seed);
        int[] ids = [.. Enumerable.Range(0, nodes)];
        random.Shuffle(ids);
        int edges = nodes * degree / 2;
        int[] sources = new int[2 * edges];
        int[] targets = new int[2 * edges];
        for (int i = 0; i < 2 * edges; i += 2)
        {
            int place = random.Next(nodes);
            int first = place / size * size;
            int other = random.NextDouble() < Inside ? random.Next(first, Math.Min(first + size, nodes)) : random.Next(nodes);
            sources[i] = targets[i + 1] = ids[place];
            targets[i] = sources[i + 1] = ids[other];
        }

        return GraphData.Create(sources, targets, nodes, features, random);
    }
}
