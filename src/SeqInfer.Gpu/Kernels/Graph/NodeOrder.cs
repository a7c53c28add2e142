using ILGPU;

namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>
/// The order in which groups take nodes. Of a graph it was made at load: heavy nodes first, each for a whole group, then the others with those of like
/// degree together. Lists that came with a request are taken as they stand, and a group that meets a heavy one shares it.
/// </summary>
internal readonly struct NodeOrder(ArrayView<int> nodes, int isGiven, int count, int heavyCount, int mayMeetHeavy)
{
    public readonly int Count = count;

    /// <summary>Nodes at the beginning that are heavy.</summary>
    public readonly int HeavyCount = heavyCount;

    /// <summary>1 where there may be heavy nodes behind them.</summary>
    public readonly int MayMeetHeavy = mayMeetHeavy;

    private readonly ArrayView<int> _nodes = nodes;
    private readonly int _isGiven = isGiven;

    public int At(int place) => _isGiven != 0 ? _nodes[place] : place;
}
