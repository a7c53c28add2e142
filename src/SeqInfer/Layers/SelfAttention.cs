using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>Query, key, value and output projections of multi-head attention, [out, in] each.</summary>
/// <param name="Query">W [hidden, hidden].</param>
/// <param name="QueryBias">b [1, hidden].</param>
/// <param name="Key">W [hidden, hidden].</param>
/// <param name="KeyBias">b [1, hidden].</param>
/// <param name="Value">W [hidden, hidden].</param>
/// <param name="ValueBias">b [1, hidden].</param>
/// <param name="Output">W [hidden, hidden], or null where the heads side by side are the result.</param>
/// <param name="OutputBias">b [1, hidden], or null.</param>
public sealed record AttentionProjections(
    Parameter Query,
    Parameter QueryBias,
    Parameter Key,
    Parameter KeyBias,
    Parameter Value,
    Parameter ValueBias,
    Parameter? Output,
    Parameter? OutputBias)
{
    /// <summary>torch.nn.MultiheadAttention: in_proj_weight stacks query, key and value; out_proj.</summary>
    public static AttentionProjections FromTorch(WeightScope scope, int hidden)
    {
        Parameter weight = scope.Matrix("in_proj_weight", checked(3 * hidden), hidden);
        Parameter bias = scope.Vector("in_proj_bias", 3 * hidden);
        WeightScope output = scope.Scope("out_proj");
        return new AttentionProjections(
            weight.SliceRows(0, hidden),
            bias.SliceColumns(0, hidden),
            weight.SliceRows(hidden, hidden),
            bias.SliceColumns(hidden, hidden),
            weight.SliceRows(2 * hidden, hidden),
            bias.SliceColumns(2 * hidden, hidden),
            output.Matrix("weight", hidden, hidden),
            output.Vector("bias", hidden));
    }

    /// <summary>Linear layers with names of their own; <paramref name="output"/> is null where there is none behind the heads.</summary>
    public static AttentionProjections FromLinears(WeightScope query, WeightScope key, WeightScope value, WeightScope? output, int hidden) =>
        new(
            query.Matrix("weight", hidden, hidden),
            query.Vector("bias", hidden),
            key.Matrix("weight", hidden, hidden),
            key.Vector("bias", hidden),
            value.Matrix("weight", hidden, hidden),
            value.Vector("bias", hidden),
            output?.Matrix("weight", hidden, hidden),
            output?.Vector("bias", hidden));
}

/// <summary>The sequences of one attention layer.</summary>
/// <param name="Queries">Rows that ask.</param>
/// <param name="Keys">Rows that answer.</param>
/// <param name="IsCausal">True hides later rows.</param>
/// <param name="PrefixCounts">For each sequence, how many rows of padding come before it; null: none take part.</param>
public readonly record struct AttentionRows(Ragged Queries, Ragged Keys, bool IsCausal, Indices? PrefixCounts)
{
    /// <summary>
    /// [rows that answer, 2 * hidden size], keys and values side by side, with those of a sequence's older rows in place; those of its newest
    /// rows, which alone are given then, are computed into it. Null: all rows are given.
    /// </summary>
    public Tensor? KeyValues { get; init; }
}

/// <summary>
/// Multi-head self-attention over ragged sequences. Keys and values are projected together; where padding takes part in the softmax,
/// its keys and values are the same for every request and are frozen once.
/// </summary>
public sealed class SelfAttention
{
    private readonly Device _device;
    private readonly int _hidden;
    private readonly int _heads;
    private readonly float _scale;
    private readonly Linear _query;
    private readonly Linear _keyValue;
    private readonly Linear? _output;
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
        _output = projections.Output is null ? null : new Linear(device.CreateLinear(projections.Output, projections.OutputBias));
    }

    /// <summary>y = attention(query rows, key rows) W_o^T + b_o + residual; W_o is the identity where there is no projection.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="queries">[query rows, hidden size], before the projection.</param>
    /// <param name="keys">[key rows, hidden size], before the projection; the newest ones where the older ones' keys and values are there.</param>
    /// <param name="rows">Sequences, mask and padding.</param>
    /// <param name="y">[query rows, hidden size].</param>
    /// <param name="residual">[query rows, hidden size], or null.</param>
    public void Forward(Workspace workspace, Tensor queries, Tensor keys, in AttentionRows rows, Tensor y, Tensor? residual)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor q = workspace.Take(queries.RowCount, _hidden);
        Tensor kv = rows.KeyValues ?? workspace.Take(keys.RowCount, 2 * _hidden);
        _query.Forward(workspace, queries, q);
        _keyValue.Forward(workspace, keys, kv.Rows(kv.RowCount - keys.RowCount, keys.RowCount));
        AttentionPrefix? prefix = rows.PrefixCounts is { } counts && _prefixKeys is not null
            ? new AttentionPrefix(_prefixKeys, _prefixValues!, counts, _repeated)
            : null;
        var spec = new AttentionSpec(rows.Queries, rows.Keys, _heads, _scale, rows.IsCausal, prefix);
        _device.Attention(workspace, q, kv.Columns(0, _hidden), kv.Columns(_hidden, _hidden), spec, q);
        if (_output is not null)
            _output.Forward(workspace, q, y, residual: residual);
        else if (residual is { } added)
            _device.Combine(workspace, q, added, BinaryOperation.Add, y);
        else
            _device.Apply(workspace, q, Activation.None, y);
    }

    /// <summary>Keeps the keys and values of the padding's rows.</summary>
    /// <param name="workspace">Holds the rows.</param>
    /// <param name="padding">[rows, hidden size], before the projection.</param>
    /// <param name="repeated">True: one row that stands for any number of equal ones.</param>
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
