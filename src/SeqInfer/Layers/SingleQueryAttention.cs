using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// Multi-head self-attention where one row a sequence asks, such as the newest of the last block: it spares the projection of all other rows.
/// </summary>
/// <remarks>
/// A score q . (W_k x + b_k) is (W_k^T q) . x and a term that is the same for all keys, which the softmax cancels; the weights sum to one, so
/// the weighted sum of W_v x + b_v is W_v applied to the weighted sum of x, and b_v. So the query is carried over to the rows as they stand
/// instead of all rows to the query: 4 hidden size^2 multiply-adds a sequence instead of 2 hidden size^2 a row. Every head attends to the
/// same rows then, with a query of the hidden size. The rows that ask must see a row at least.
/// </remarks>
public sealed class SingleQueryAttention : IAttention
{
    private readonly Device _device;
    private readonly int _hidden;
    private readonly int _heads;
    private readonly float _scale;
    private readonly Linear _query;
    private readonly Linear[] _toKeys;
    private readonly Linear[] _values;
    private readonly OutputProjection _output;
    private Table? _prefix;
    private bool _repeated;

    /// <summary>Prepares the projections.</summary>
    public SingleQueryAttention(Device device, AttentionProjections projections, int hidden, int heads)
    {
        _device = device;
        _hidden = hidden;
        _heads = heads;
        int size = hidden / heads;
        _scale = (float)(1 / Math.Sqrt((double)hidden / heads));
        _query = new Linear(device.CreateLinear(projections.Query, projections.QueryBias));
        _toKeys = [.. Heads().Select(first => new Linear(device.CreateLinear(projections.Key.SliceRows(first, size).Transpose(), null)))];
        _values = [.. Heads().Select(first => new Linear(
            device.CreateLinear(projections.Value.SliceRows(first, size), projections.ValueBias.SliceColumns(first, size))))];
        _output = new OutputProjection(device, projections);

        IEnumerable<int> Heads() => Enumerable.Range(0, heads).Select(head => head * size);
    }

    /// <inheritdoc/>
    public int KeptSize => _hidden;

    /// <inheritdoc/>
    public void Forward(Workspace workspace, Tensor queries, Tensor keys, in AttentionRows rows, Tensor y, Tensor? residual)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int size = _hidden / _heads;
        if (rows.Kept is { } kept)
        {
            _device.Apply(workspace, keys, Activation.None, kept.Rows(kept.RowCount - keys.RowCount, keys.RowCount));
            keys = kept;
        }

        Tensor q = workspace.Take(queries.RowCount, _hidden);
        Tensor heads = workspace.Take(queries.RowCount, _hidden);
        Tensor carried = workspace.Take(queries.RowCount, checked(_heads * _hidden));
        _query.Forward(workspace, queries, q);
        for (int head = 0; head < _heads; head++)
            _toKeys[head].Forward(workspace, q.Columns(head * size, size), carried.Columns(head * _hidden, _hidden));
        AttentionPrefix? prefix = rows.PrefixCounts is { } counts && _prefix is not null
            ? new AttentionPrefix(_prefix, _prefix, counts, _repeated)
            : null;
        var spec = new AttentionSpec(rows.Queries, rows.Keys, _heads, _scale, rows.IsCausal, prefix) { SharesKeys = true };
        _device.Attention(workspace, carried, keys, keys, spec, carried);
        for (int head = 0; head < _heads; head++)
            _values[head].Forward(workspace, carried.Columns(head * _hidden, _hidden), heads.Columns(head * size, size));
        _output.Forward(workspace, heads, y, residual);
    }

    /// <inheritdoc/>
    public void FreezePadding(Workspace workspace, Tensor padding, bool repeated)
    {
        _repeated = repeated;
        _prefix = _device.Freeze(workspace, padding);
    }
}
