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
/// of padding are equal, that prefix is one row with a multiplicity. Padding on the right comes after what a causal model looks at.
/// </remarks>
internal sealed class TransformerEncoder
{
    private const int PaddingId = 0;

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

    private bool PaddingIsPrefix => _options.IsCausal && _options.PaddingSide == PaddingSide.Left && !_options.KeyPaddingMask;

    private bool PaddingIsRepeated => _options.ZeroPaddingRows || _options.PositionIds == PositionIds.FromOneZeroOnPadding;

    /// <summary>Freezes the keys and values of the padding's rows, block by block.</summary>
    public void Prepare()
    {
        if (!PaddingIsPrefix || _options.MaxLength == 1)
            return;

        using Workspace planner = Device.CreatePlanner();
        FreezePadding(planner);
        using Workspace workspace = _device.CreateWorkspace(planner.Peak);
        FreezePadding(workspace);
    }

    /// <summary>The state at the newest event of every history; of an empty history, where padding is on the left, at its last slot.</summary>
    /// <param name="pass">The request.</param>
    /// <param name="input">Place of the history in the signature.</param>
    /// <param name="y">[batch, hidden size].</param>
    public void Forward(ForwardPass pass, int input, Tensor y)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();

        // With padding on the left, the last slot of an empty history is one more row of padding.
        Ragged sequences = pass.Sequences(input, PaddingId, out Indices ids);
        Ragged queries = pass.OneRowEach(sequences.Count);
        Indices last = LastRows(workspace, sequences);
        Indices? padding = PaddingIsPrefix ? PaddingCounts(workspace, sequences) : null;

        Tensor x = pass.Take(sequences.RowCount, _options.HiddenSize);
        Embed(workspace, ids, Positions(workspace, ids, sequences), x);
        bool clears = _options.ZeroPaddingRows;
        Indices kept = clears ? KeptRows(workspace, ids) : default;
        if (clears)
            Clear(workspace, ids, kept, x);

        var all = new AttentionRows(sequences, sequences, _options.IsCausal, padding);
        for (int i = 0; i < _blocks.Length - 1; i++)
        {
            _blocks[i].Forward(workspace, x, x, all);
            if (clears)
                Clear(workspace, ids, kept, x);
        }

        _device.GatherRows(workspace, x, last, y);
        if (_blocks.Length > 0)
            _blocks[^1].Forward(workspace, y, x, all with { Queries = queries });
        if (clears)
            ClearEmpty(pass, input, workspace, y);
        _finalNorm?.Forward(workspace, y, y);
    }

    // Some checkpoints hold more positions than the window has slots.
    private static Parameter PositionTable(WeightScope weights, TransformerOptions options, TransformerNames names)
    {
        int rows = options.PositionCount;
        if (weights.TryGetInfo(names.PositionTable, out TensorInfo? tensor) && tensor.Shape.Rank == 2 && tensor.Shape[0] is > 0 and <= int.MaxValue)
            rows = Math.Max(rows, (int)tensor.Shape[0]);
        return weights.Matrix(names.PositionTable, rows, options.HiddenSize).SliceRows(0, options.PositionCount);
    }

    private static Indices LastRows(Workspace workspace, Ragged sequences)
    {
        Indices last = workspace.TakeIndices(sequences.Count);
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        Span<int> rows = workspace.Span(last);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = offsets[i + 1] - 1;
        return last;
    }

    private static Indices KeptRows(Workspace workspace, Indices ids)
    {
        Indices kept = workspace.TakeIndices(ids.Count);
        ReadOnlySpan<int> values = workspace.Span(ids);
        Span<int> rows = workspace.Span(kept);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = values[i] == PaddingId ? -1 : i;
        return kept;
    }

    private void Clear(Workspace workspace, Indices ids, Indices kept, Tensor x)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor copy = workspace.Take(x.RowCount, x.ColumnCount);
        if (!workspace.Span(ids).Contains(PaddingId))
            return;
        _device.GatherRows(workspace, x, kept, copy);
        _device.Apply(workspace, copy, Activation.None, x);
    }

    private void ClearEmpty(ForwardPass pass, int input, Workspace workspace, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Indices ids = workspace.TakeIndices(y.RowCount);
        var histories = (Inputs.IdColumn)pass.Batch[input];
        Span<int> values = workspace.Span(ids);
        for (int row = 0; row < values.Length; row++)
            values[row] = histories[row].IsEmpty ? PaddingId : 1;
        Clear(workspace, ids, KeptRows(workspace, ids), y);
    }

    private Indices PaddingCounts(Workspace workspace, Ragged sequences)
    {
        Indices counts = workspace.TakeIndices(sequences.Count);
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        Span<int> values = workspace.Span(counts);
        for (int i = 0; i < values.Length; i++)
            values[i] = _options.MaxLength - (offsets[i + 1] - offsets[i]);
        return counts;
    }

    private Indices Positions(Workspace workspace, Indices ids, Ragged sequences)
    {
        Indices positions = workspace.TakeIndices(ids.Count);
        ReadOnlySpan<int> items = workspace.Span(ids);
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        Span<int> values = workspace.Span(positions);
        for (int s = 0; s < sequences.Count; s++)
        {
            int length = offsets[s + 1] - offsets[s];
            int slot = _options.PaddingSide == PaddingSide.Left ? _options.MaxLength - length : 0;
            for (int row = offsets[s]; row < offsets[s + 1]; row++, slot++)
                values[row] = PositionOf(items[row], slot);
        }

        return positions;
    }

    private int PositionOf(int id, int slot) => _options.PositionIds switch
    {
        PositionIds.FromZero => slot,
        _ => id == PaddingId ? 0 : slot + 1,
    };

    private void Embed(Workspace workspace, Indices ids, Indices positions, Tensor x)
    {
        _device.Embed(workspace, ids, _items, x, _scale, positions, _positions);
        _embeddingNorm?.Forward(workspace, x, x);
    }

    private void FreezePadding(Workspace workspace)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int rows = PaddingIsRepeated ? 1 : _options.MaxLength - 1;
        Indices ids = workspace.TakeIndices(rows);
        Indices positions = workspace.TakeIndices(rows);
        Indices offsets = workspace.TakeIndices(2);
        workspace.Span(ids).Clear();
        for (int slot = 0; slot < rows; slot++)
            workspace.Span(positions)[slot] = PositionOf(PaddingId, slot);
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
            _blocks[i].FreezePadding(workspace, x, PaddingIsRepeated);

            // Equal rows attend to equal rows: one alone gives what all of them give.
            _blocks[i].Forward(workspace, x, x, new AttentionRows(sequence, sequence, IsCausal: true, PrefixCounts: null));
        }
    }
}
