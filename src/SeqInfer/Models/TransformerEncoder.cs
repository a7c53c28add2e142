using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Item and position embedding, Transformer blocks and final norm; gives the state at the newest event of every history.
/// </summary>
/// <remarks>
/// Histories are ragged: no row of padding is computed. The references compute on fixed windows, and where their padding stays in the
/// softmax it matters. With a causal mask and padding on the left, a row of padding sees only padding, so its keys and values are the
/// same for every request: they are computed once, in <see cref="Prepare"/>, and come before every history as a prefix. Where all rows
/// of padding are equal, that prefix is one row with a multiplicity; so it is, on either side and without a causal mask, where rows of
/// padding are cleared. Padding on the right comes after what a causal model looks at. Only where rows of padding see the events and
/// events see them, windows are computed in full.
/// </remarks>
internal sealed partial class TransformerEncoder
{
    private readonly Device _device;
    private readonly TransformerOptions _options;
    private readonly Table _items;
    private readonly Table _positions;
    private readonly LayerNorm? _embeddingNorm;
    private readonly TransformerBlock[] _blocks;
    private readonly LayerNorm? _finalNorm;
    private readonly float _scale;

    public TransformerEncoder(Device device, WeightScope weights, TransformerOptions options, TransformerNames names, Parameter items)
    {
        _device = device;
        _options = options;
        _items = device.CreateTable(items);
        _positions = device.CreateTable(PositionTable(weights, options, names));
        _embeddingNorm = options.EmbeddingLayerNorm ? names.EmbeddingNorm(device, weights, options) : null;
        _blocks = [.. Enumerable.Range(0, options.LayerCount).Select(layer => names.Block(device, weights, options, layer))];
        _finalNorm = names.FinalNorm(device, weights, options);
        _scale = options.ScaleEmbedding ? (float)Math.Sqrt(options.HiddenSize) : 1;
    }

    /// <summary>Freezes the keys and values of the padding's rows, block by block.</summary>
    public void Prepare()
    {
        if (!_options.PaddingIsPrefix || _options.MaxLength == 1)
            return;

        using Workspace planner = Device.CreatePlanner();
        FreezePadding(planner);
        using Workspace workspace = _device.CreateWorkspace(planner.Peak);
        FreezePadding(workspace);
    }

    /// <summary>The state at the newest event of every history, which may be a mask token.</summary>
    /// <param name="pass">The request.</param>
    /// <param name="input">Place of the history in the signature.</param>
    /// <param name="y">[batch, hidden size].</param>
    public void Forward(ForwardPass pass, int input, Tensor y)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();

        var windows = TransformerWindows.Create(pass, input, _options);
        var blocks = new SequenceBlocks(workspace, windows.Sequences, _device.PreferredElements, RowElements);
        while (blocks.MoveNext())
        {
            using WorkspaceFrame part = workspace.Frame();
            Forward(workspace, windows.Part(blocks), y.Rows(blocks.First, blocks.Count));
        }
    }

    private void Forward(Workspace workspace, in TransformerWindows windows, Tensor y)
    {
        Ragged queries = workspace.TakeRagged(windows.Sequences.Count, 1);
        Tensor x = workspace.Take(windows.Sequences.RowCount, _options.HiddenSize);
        Embed(workspace, windows.Ids, windows.Positions, x);
        bool clears = _options.ZeroPaddingRows;
        if (clears)
            Clear(workspace, windows.Ids, x);

        Indices? padding = _options.PaddingIsPrefix ? windows.PaddingCounts : null;
        var all = new AttentionRows(windows.Sequences, windows.Sequences, _options.IsCausal, padding);
        for (int i = 0; i < _blocks.Length - 1; i++)
        {
            _blocks[i].Forward(workspace, x, x, all);
            if (clears)
                Clear(workspace, windows.Ids, x);
        }

        _device.GatherRows(workspace, x, windows.Last, y);
        if (_blocks.Length > 0)
            _blocks[^1].Forward(workspace, y, x, all with { Queries = queries });
        if (clears)
            Clear(workspace, LastIds(workspace, windows), y);
        _finalNorm?.Forward(workspace, y, y);
    }

    // The rows themselves, normalised, queries, keys and values, or inside the feed-forward network.
    private long RowElements => _options.HiddenSize + Math.Max(4L * _options.HiddenSize, _options.IntermediateSize);

    // Some checkpoints hold more positions than the window has slots.
    private static Parameter PositionTable(WeightScope weights, TransformerOptions options, TransformerNames names)
    {
        int rows = options.PositionCount;
        if (weights.TryGetInfo(names.PositionTable, out TensorInfo? tensor) && tensor.Shape.Rank == 2 && tensor.Shape[0] is > 0 and <= int.MaxValue)
            rows = Math.Max(rows, (int)tensor.Shape[0]);
        return weights.Matrix(names.PositionTable, rows, options.HiddenSize).SliceRows(0, options.PositionCount);
    }

    private static Indices LastIds(Workspace workspace, in TransformerWindows windows)
    {
        Indices ids = workspace.TakeIndices(windows.Last.Count);
        ReadOnlySpan<int> rows = workspace.Span(windows.Last);
        for (int i = 0; i < rows.Length; i++)
            workspace.Span(ids)[i] = workspace.Span(windows.Ids)[rows[i]];
        return ids;
    }

    private void Clear(Workspace workspace, Indices ids, Tensor x)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor copy = workspace.Take(x.RowCount, x.ColumnCount);
        Indices kept = workspace.TakeIndices(ids.Count);
        ReadOnlySpan<int> values = workspace.Span(ids);
        if (!values.Contains(TransformerWindows.PaddingId))
            return;
        Span<int> rows = workspace.Span(kept);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = values[i] == TransformerWindows.PaddingId ? -1 : i;
        _device.GatherRows(workspace, x, kept, copy);
        _device.Apply(workspace, copy, Activation.None, x);
    }

    private void Embed(Workspace workspace, Indices ids, Indices positions, Tensor x)
    {
        _device.Embed(workspace, ids, _items, x, _scale, positions, _positions);
        _embeddingNorm?.Forward(workspace, x, x);
    }

    private void FreezePadding(Workspace workspace)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int rows = _options.PaddingIsRepeated ? 1 : _options.MaxLength - 1;
        Indices ids = workspace.TakeIndices(rows);
        Indices positions = workspace.TakeIndices(rows);
        Indices offsets = workspace.TakeIndices(2);
        workspace.Span(ids).Clear();
        for (int slot = 0; slot < rows; slot++)
            workspace.Span(positions)[slot] = _options.PositionOf(TransformerWindows.PaddingId, slot);
        workspace.Span(offsets)[0] = 0;
        workspace.Span(offsets)[1] = rows;

        Indices cleared = workspace.TakeIndices(rows);
        workspace.Span(cleared).Fill(-1);
        Tensor source = workspace.Take(rows, _options.HiddenSize);
        Tensor x = workspace.Take(rows, _options.HiddenSize);
        Embed(workspace, ids, positions, x);
        var sequence = new Ragged(offsets, rows, rows);
        for (int i = 0; i < _blocks.Length; i++)
        {
            if (_options.ZeroPaddingRows)
                _device.GatherRows(workspace, source, cleared, x);
            _blocks[i].FreezePadding(workspace, x, _options.PaddingIsRepeated);

            // Equal rows attend to equal rows: one alone gives what all of them give. Nobody sees what the last block makes of them.
            if (i < _blocks.Length - 1)
                _blocks[i].Forward(workspace, x, x, new AttentionRows(sequence, sequence, IsCausal: true, PrefixCounts: null));
        }
    }
}
