using SeqInfer.Inputs;

namespace SeqInfer.Bench.Models;

/// <summary>
/// Random graphs whose degrees follow a power law (Chung and Lu 2002): the ends of an edge are drawn independently, a node as often as its
/// weight says. Node numbers say nothing about degrees or neighbours, as ids of users and items do not.
/// </summary>
internal static class PowerLawGraph
{
    // P(degree) ~ degree^-2.5: between the 2 and 3 that networks of people and links have (Newman 2005).
    private const double Exponent = 2.5;
    private const int Seed = 41;

    /// <summary>Edges in both directions, and features of all nodes.</summary>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="degree">Neighbours of a node on average.</param>
    /// <param name="features">Features of a node.</param>
    public static ModelData Create(int nodes, int degree, int features)
    {
        var random = new Random(Seed);
        Func<int> draw = Drawing(nodes, random);
        int edges = nodes * degree / 2;
        int[] sources = new int[2 * edges];
        int[] targets = new int[2 * edges];
        for (int i = 0; i < 2 * edges; i += 2)
        {
            sources[i] = targets[i + 1] = draw();
            targets[i] = sources[i + 1] = draw();
        }

        return GraphData.Create(sources, targets, nodes, features, random);
    }

    /// <summary>Edges in both directions, by the node that they flow into.</summary>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="degree">Neighbours of a node on average.</param>
    /// <returns>The neighbours of node i are sources[offsets[i]] .. sources[offsets[i + 1] - 1].</returns>
    public static (int[] Offsets, int[] Sources) Rows(int nodes, int degree)
    {
        ModelData data = Create(nodes, degree, 1);
        int[] targets = data.Ids("edges.targets", out _, out _).ToArray();
        int[] sources = data.Ids("edges.sources", out _, out _).ToArray();
        Array.Sort(targets, sources);
        int[] offsets = new int[nodes + 1];
        foreach (int target in targets)
            offsets[target + 1]++;
        for (int node = 0; node < nodes; node++)
            offsets[node + 1] += offsets[node];
        return (offsets, sources);
    }

    /// <summary>Which user has which items.</summary>
    /// <param name="count">How many users, and how many items.</param>
    /// <param name="degree">Items of a user on average.</param>
    public static ModelData Interactions(int count, int degree)
    {
        var random = new Random(Seed);
        Func<int> draw = Drawing(count, random);
        int[] users = [.. Enumerable.Range(0, count * degree).Select(_ => random.Next(count))];
        int[] items = [.. Enumerable.Range(0, count * degree).Select(_ => draw())];
        return new ModelData().Add("edges.users", users.Length, 1, users).Add("edges.items", items.Length, 1, items);
    }

    private static Func<int> Drawing(int nodes, Random random)
    {
        int[] order = [.. Enumerable.Range(0, nodes)];
        random.Shuffle(order);
        double[] cumulative = new double[nodes];
        double sum = 0;
        for (int rank = 0; rank < nodes; rank++)
            cumulative[rank] = sum += Math.Pow(rank + 1, -1 / (Exponent - 1));
        return () =>
        {
            int place = Array.BinarySearch(cumulative, random.NextDouble() * sum);
            return order[Math.Min(place < 0 ? ~place : place, nodes - 1)];
        };
    }
}
