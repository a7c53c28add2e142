using SeqInfer.Inputs;

namespace SeqInfer.Models.Graphs;

/// <summary>The places of a graph's nodes where they are not the ids.</summary>
internal sealed class NodeNumbering
{
    private readonly int[] _ids;
    private readonly int[] _places;

    /// <summary>Takes an order.</summary>
    /// <param name="ids">The id at every place; each once.</param>
    public NodeNumbering(int[] ids)
    {
        _ids = ids;
        _places = new int[ids.Length];
        for (int place = 0; place < ids.Length; place++)
            _places[ids[place]] = place;
    }

    /// <summary>The id at every place.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>The place of every id.</summary>
    public ReadOnlySpan<int> Places => _places;

    /// <summary>Numbers the nodes of a graph; null where places are ids.</summary>
    public static NodeNumbering? Create(NodeReordering reordering, EdgeList edges) => reordering switch
    {
        NodeReordering.None => null,
        NodeReordering.ReverseCuthillMcKee => new NodeNumbering(new CuthillMcKee(new NeighbourGraph(edges)).Reverse()),
        NodeReordering.Communities => new NodeNumbering(new RabbitOrder(new NeighbourGraph(edges)).Order()),
        _ => throw new ArgumentOutOfRangeException(nameof(reordering), reordering, "no such order"),
    };

    /// <summary>Rows of ids, in the order of the places.</summary>
    public float[] Arrange(ReadOnlySpan<float> rows, int columns)
    {
        float[] arranged = new float[rows.Length];
        for (int place = 0; place < _ids.Length; place++)
            rows.Slice(_ids[place] * columns, columns).CopyTo(arranged.AsSpan(place * columns));
        return arranged;
    }
}
