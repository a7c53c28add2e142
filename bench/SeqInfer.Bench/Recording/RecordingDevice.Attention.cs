using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    // Plain MatMul and Softmax: the scale and the transpositions of q and k are fused into the products at load.
    protected override void AttentionCore(
        Workspace workspace, Tensor query, Tensor key, Tensor value, in AttentionSpec spec, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        if (spec.Prefix is { } prefix && workspace.Span(prefix.Counts).ContainsAnyExcept(0))
            throw new RecordingException("sequences shorter than the model's longest, padded on the left with rows that count, are not dense");
        int queries = LengthOf(workspace, spec.Queries);
        int keys = LengthOf(workspace, spec.Keys);
        int headSize = query.ColumnCount / spec.HeadCount;
        string q = Heads(At(workspace, query), queries, spec.HeadCount, headSize, 0, 2, 1, 3);
        int keyHeads = spec.SharesKeys ? 1 : spec.HeadCount;
        string k = Heads(At(workspace, key), keys, keyHeads, headSize, 0, 2, 3, 1);
        string v = Heads(At(workspace, value), keys, keyHeads, headSize, 0, 2, 1, 3);

        string scores = _graph.Node("Mul", [_graph.Node("MatMul", [q, k]), _graph.Scalar(spec.Scale)]);
        if (Mask(queries, keys, spec.Causal) is { } mask)
            scores = _graph.Node("Add", [scores, mask]);
        string weights = _graph.Node("Softmax", [scores], new OnnxAttribute("axis", -1L));
        string y = _graph.Node("MatMul", [weights, v]);
        if (queries == 1)
        {
            Set(workspace, output, Layout.Flat, Reshape(y, -1, query.ColumnCount));
            return;
        }

        y = Reshape(Transpose(y, 0, 2, 1, 3), -1, queries, query.ColumnCount);
        Set(workspace, output, Layout.Batched, y);
    }

    // [batch, heads, rows, head size], or with the last two swapped.
    private string Heads(Recorded x, int rows, int heads, int headSize, params long[] permutation)
    {
        bool isSwapped = permutation[^1] == 1;
        if (rows == 1 && !isSwapped)
            return Reshape(x.As(x.Native), -1, heads, 1, headSize);
        return Transpose(Reshape(x.As(x.Native == Layout.TimeMajor ? Layout.Batched : x.Native), -1, rows, heads, headSize), permutation);
    }

    private string? Mask(int queries, int keys, bool isCausal)
    {
        // Padding on the right lies behind every query that a causal mask lets see.
        if (options.IsPadded && (queries == 1 || !isCausal))
            return Inputs.Get(GraphInputs.KeyMask, OnnxElement.Float, _shape.BatchDimension, 1L, 1L, keys);
        if (!isCausal || queries == 1)
            return null;
        float[] mask = new float[queries * keys];
        for (int query = 0; query < queries; query++)
            mask.AsSpan((query * keys) + keys - queries + query + 1, queries - query - 1).Fill(float.NegativeInfinity);
        return _masks.TryGetValue((queries, keys), out string? known)
            ? known
            : _masks[(queries, keys)] = _graph.Constant(mask, queries, keys);
    }

    private readonly Dictionary<(int Queries, int Keys), string> _masks = [];
}
