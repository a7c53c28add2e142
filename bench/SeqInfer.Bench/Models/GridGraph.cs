using SeqInfer.Inputs;

namespace SeqInfer.Bench.Models;

/// <summary>Nodes on a square grid, each beside its 8 neighbours and 8 that are two steps away. Node numbers say nothing about places.</summary>
internal static class GridGraph
{
    private const int Seed = 47;
    private const int Reach = 2;

    /// <summary>Edges in both directions, and features of all nodes.</summary>
    /// <param name="nodes">How many nodes; the last row of the grid may be shorter.</param>
    /// <param name="features">Features of a node.</param>
    public static ModelData Create(int nodes, int features)
    {
        var random = new Random(Seed);
        int[] ids = [.. Enumerable.Range(0, nodes)];
        random.Shuffle(ids);
        int width = (int)Math.Ceiling(Math.Sqrt(nodes));
        List<int> sources = [];
        List<int> targets = [];
        for (int node = 0; node < nodes; node++)
        {
            for (int down = -Reach; down <= Reach; down++)
            {
                for (int right = -Reach; right <= Reach; right++)
                {
                    int column = (node % width) + right;
                    int other = node + (down * width) + right;

                    // Nor a knight's move away: 16 are left of 24.
                    if (other == node || Math.Abs(down * right) == 2 || column < 0 || column >= width || other < 0 || other >= nodes)
                        continue;
                    sources.Add(ids[other]);
                    targets.Add(ids[node]);
                }
            }
        }

        return GraphData.Create([.. sources], [.. targets], nodes, features, random);
    }
}
