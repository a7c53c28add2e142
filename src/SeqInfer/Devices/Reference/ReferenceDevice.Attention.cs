using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void AttentionCore(
        Workspace workspace, Tensor query, Tensor key, Tensor value, in AttentionSpec spec, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        ReadOnlySpan<int> queryOffsets = workspace.Span(spec.Queries.Offsets);
        ReadOnlySpan<int> keyOffsets = workspace.Span(spec.Keys.Offsets);
        int headSize = query.ColumnCount / spec.HeadCount;
        for (int sequence = 0; sequence < spec.Queries.Count; sequence++)
        {
            int queryCount = queryOffsets[sequence + 1] - queryOffsets[sequence];
            int keyCount = keyOffsets[sequence + 1] - keyOffsets[sequence];
            for (int i = 0; i < queryCount; i++)
            {
                int visible = spec.Causal ? keyCount - queryCount + i + 1 : keyCount;
                int row = queryOffsets[sequence] + i;
                List<VisibleKey> keys = VisibleKeys(workspace, key, value, spec, sequence, keyOffsets[sequence], visible);
                double[] q = At(workspace, query).Row(row).ToArray();
                for (int head = 0; head < spec.HeadCount; head++)
                {
                    int first = head * headSize;
                    AttendTo(
                        keys, q.AsSpan(first, headSize), spec.Scale, spec.SharesKeys ? 0 : first,
                        At(workspace, output).Row(row).Slice(first, headSize));
                }
            }
        }
    }

    private static List<VisibleKey> VisibleKeys(
        Workspace workspace, Tensor key, Tensor value, in AttentionSpec spec, int sequence, int start, int count)
    {
        List<VisibleKey> keys = [];
        if (spec.Prefix is { } prefix)
        {
            int prefixCount = workspace.Span(prefix.Counts)[sequence];
            int rows = prefix.Repeated ? Math.Min(prefixCount, 1) : prefixCount;
            for (int row = 0; row < rows; row++)
            {
                keys.Add(new VisibleKey(
                    ((ReferenceTable)prefix.Keys)[row], ((ReferenceTable)prefix.Values)[row], prefix.Repeated ? prefixCount : 1));
            }
        }

        for (int row = start; row < start + count; row++)
            keys.Add(new VisibleKey(At(workspace, key).Row(row).ToArray(), At(workspace, value).Row(row).ToArray(), 1));
        return keys;
    }

    private static void AttendTo(List<VisibleKey> keys, ReadOnlySpan<double> query, double scale, int firstColumn, Span<double> output)
    {
        output.Clear();
        double[] scores = new double[keys.Count];
        for (int j = 0; j < scores.Length; j++)
        {
            double dot = 0;
            for (int column = 0; column < query.Length; column++)
                dot += query[column] * keys[j].Key[firstColumn + column];
            scores[j] = scale * dot;
        }

        double largest = scores.Length == 0 ? double.NegativeInfinity : scores.Max();
        if (double.IsNegativeInfinity(largest))
            return;
        double sum = 0;
        for (int j = 0; j < scores.Length; j++)
            sum += keys[j].Multiplicity * Math.Exp(scores[j] - largest);
        for (int j = 0; j < scores.Length; j++)
        {
            double weight = keys[j].Multiplicity * Math.Exp(scores[j] - largest) / sum;
            for (int column = 0; column < output.Length; column++)
                output[column] += weight * keys[j].Value[firstColumn + column];
        }
    }

    private readonly record struct VisibleKey(double[] Key, double[] Value, int Multiplicity);
}
