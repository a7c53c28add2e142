using SeqInfer.Kernels.Gemm;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

/// <summary>What CPU kernels need to know of a chain of linear layers, found once.</summary>
internal sealed class CpuChain
{
    // Bytes of results between layers that stay in a second-level cache; of wide layers more, as all weights pass over each block of rows.
    private const int BlockBytes = 128 * 1024;

    // Blocks of whole tiles.
    private const int RowGranularity = 14;

    private const int MinBlockRows = 8 * RowGranularity;

    // With fewer rows each, or more weights than a second-level cache holds, threads share every layer instead of the rows.
    private const int MinRowsEach = 4;
    private const long MaxWeights = 128 * 1024;

    private readonly long _weights;
    private readonly long _rowLength;
    private readonly bool _hasBack;
    private readonly bool _hasScratch;

    /// <summary>Looks at a chain of layers of a CPU device.</summary>
    public CpuChain(LinearChain chain)
    {
        Links = new Link[chain.Stages.Length];
        for (int i = 0; i < Links.Length; i++)
        {
            Links[i] = new Link((CpuLinear)chain.Stages[i].Weights, chain.Stages[i].Activation);
            _weights += (long)Links[i].Layer.InputSize * Links[i].Layer.OutputSize;
        }

        if (Array.TrueForAll(Links, link => link.HasSmallProduct))
            SmallLinks = [.. Links.Select(link => new SmallLink(link.Layer.Small, link.Floor, link.Stride))];
        _rowLength = Workspace.ElementsOf(1, Math.Max(chain.WidestInside, 1));
        _hasBack = Links.Length > 2;
        _hasScratch = Array.Exists(Links, link => link.Layer.ScratchLength(1) > 0);
        BlockRows = (int)Math.Max(BlockBytes / (2 * sizeof(float) * _rowLength) / RowGranularity * RowGranularity, MinBlockRows);
    }

    /// <summary>The layers in order.</summary>
    public Link[] Links { get; }

    /// <summary>The layers for <see cref="CpuLinear.RunSmallChain"/>, if that serves all of them and their activations; null otherwise.</summary>
    public SmallLink[]? SmallLinks { get; }

    /// <summary>Rows that go through the layers together at most.</summary>
    public int BlockRows { get; }

    /// <summary>Where the results of every second layer lie in a thread's scratch, behind those of the others.</summary>
    public nint BackOffset(int height) => (nint)(height * _rowLength);

    /// <summary>Where a layer's own scratch lies behind them.</summary>
    public nint LayerScratchOffset(int height) => _hasBack ? 2 * BackOffset(height) : BackOffset(height);

    /// <summary>Floats of scratch for a thread that takes up to so many rows through the layers together.</summary>
    public long ScratchLength(int height)
    {
        long most = 0;
        if (_hasScratch)
        {
            foreach (Link link in Links)
                most = Math.Max(most, link.Layer.ScratchLength(height));
        }

        return LayerScratchOffset(height) + most;
    }

    /// <summary>The height of blocks of nearly equal height, whole tiles as far as possible.</summary>
    public int Height(int rows)
    {
        if (rows <= BlockRows)
            return rows;
        int blocks = (rows + BlockRows - 1) / BlockRows;
        return ((((rows + blocks - 1) / blocks) + RowGranularity - 1) / RowGranularity) * RowGranularity;
    }

    /// <summary>Whether each thread takes some rows through all layers.</summary>
    public bool IsSplitByRows(int rows, int threads) =>
        rows >= MinRowsEach * threads && (_weights <= MaxWeights || rows >= BlockRows * threads);

    /// <summary>A layer of a chain.</summary>
    internal readonly struct Link(CpuLinear layer, Activation activation)
    {
        public CpuLinear Layer { get; } = layer;

        public Activation Activation { get; } = activation;

        /// <summary>Whether rows go through <see cref="CpuLinear.RunSmall"/>, with <see cref="Floor"/> for the activation.</summary>
        public bool HasSmallProduct { get; } = layer.HasSmallProduct && CpuLinear.Floor(activation) is not null;

        /// <summary>What an activation that only cuts off leaves at least.</summary>
        public float Floor { get; } = CpuLinear.Floor(activation) ?? 0;

        /// <summary>Floats from one row of its result to the next, where that lies in scratch.</summary>
        public nint Stride { get; } = (nint)Workspace.ElementsOf(1, layer.OutputSize);
    }
}
