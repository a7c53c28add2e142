namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>Sequences seen as nodes whose neighbours are their own rows, in order.</summary>
internal readonly struct Steps(Sequences sequences) : IEdges
{
    private readonly Sequences _sequences = sequences;

    public int Start(int node) => _sequences.Start(node);

    public int End(int node) => _sequences.End(node);

    public int Row(int edge) => edge;

    public float Weight(int edge) => 1;
}
