using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// Multi-head self-attention over ragged sequences. Keys and values are projected together; where padding takes part in the softmax,
/// its keys and values are the same for every request and are frozen once.
/// </summary>
public sealed class SelfAttention : IAttention
{
    private readonly Device _device;
    private readonly int _hidden;
    private readonly int _heads;
    private readonly float _scale;
    private readonly Linear _query;
    private readonly Linear _keyValue;
    private readonly OutputProjection _output;
    private Table? _prefixKeys;
    private Table? _prefixValues;
    private bool _repeated;

    /// <summary>Prepares the projections.</summary>
    public SelfAttention(Device device, AttentionProjections projections, int hidden, int heads)
    {
        _device = device;
        _hidden = hidden;
        _heads = heads;
        _scale = (float)(1 / Math.Sqrt((double)hidden / heads));
        _query = new Linear(device.CreateLinear(projections.Query, projections.QueryBias));
        _keyValue = new Linear(device.CreateLinear(
            Parameter.ConcatRows("key and value", projections.Key, projections.Value),
            Parameter.ConcatColumns("key and value bias", projections.KeyBias, projections.ValueBias)));
        _output = new OutputProjection(device, projections);
    }

    /// <inheritdoc/>
    public int KeptSize => checked(2 * _hidden);

    /// <inheritdoc/>
    public void Forward(Workspace workspace, Tensor queries, Tensor keys, in AttentionRows rows, Tensor y, Tensor? residual)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor q = workspace.Take(queries.RowCount, _hidden);
        Tensor kv = rows.Kept ?? workspace.Take(keys.RowCount, 2 * _hidden);
        _query.Forward(workspace, queries, q);
        _keyValue.Forward(workspace, keys, kv.Rows(kv.RowCount - keys.RowCount, keys.RowCount));
        AttentionPrefix? prefix = rows.PrefixCounts is { } counts && _prefixKeys is not null
            ? new AttentionPrefix(_prefixKeys, _prefixValues!, counts, _repeated)
            : null;
        var spec = new AttentionSpec(rows.Queries, rows.Keys, _heads, _scale, rows.IsCausal, prefix);
        _device.Attention(workspace, q, kv.Columns(0, _hidden), kv.Columns(_hidden, _hidden), spec, q);
        _output.Forward(workspace, q, y, residual);
    }

    /// <inheritdoc/>
    public void FreezePadding(Workspace workspace, Tensor padding, bool repeated)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor kv = workspace.Take(padding.RowCount, 2 * _hidden);
        _keyValue.Forward(workspace, padding, kv);
        _repeated = repeated;
        _prefixKeys = _device.Freeze(workspace, kv.Columns(0, _hidden));
        _prefixValues = _device.Freeze(workspace, kv.Columns(_hidden, _hidden));
    }
}
