using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of attention.</summary>
internal static class AttentionOps
{
    /// <summary>Queries, keys and values of the same rows, as windows of one projection or apart.</summary>
    public static Gen<OpCase> SelfAttention =>
        from seed in Shapes.Seed
        from lengths in Shapes.Lengths
        from heads in Gen.Choose(1, 5)
        from headSize in Shapes.FewColumns
        from causal in Shapes.Flag
        select new OpCase(
            $"{heads} heads of {headSize}, causal {causal}, lengths {string.Join(' ', lengths)}",
            seed,
            OpTolerance.Attention(headSize, Longest(lengths)),
            run =>
            {
                int hidden = heads * headSize;
                Ragged sequences = run.Ragged(lengths);
                Tensor query = run.Input(sequences.RowCount, hidden);
                Tensor both = run.Input(sequences.RowCount, 2 * hidden);
                Tensor output = run.OutputMaybeIn(query);
                AttentionSpec spec = new(sequences, sequences, heads, ScaleOf(headSize), causal);
                return () => run.Device.Attention(
                    run.Workspace, query, both.Columns(0, hidden), both.Columns(hidden, hidden), spec, output);
            });

    /// <summary>Any number of queries and keys, causal or not: some queries see no key.</summary>
    public static Gen<OpCase> OtherQueries =>
        from seed in Shapes.Seed
        from keyLengths in Shapes.Lengths
        from queryLengths in Gen.ArrayOf(Gen.Choose(0, 9), keyLengths.Length)
        from heads in Gen.Choose(1, 4)
        from headSize in Shapes.FewColumns
        from causal in Shapes.Flag
        select new OpCase(
            $"{heads} heads of {headSize}, causal {causal}, lengths {string.Join(' ', queryLengths)} on {string.Join(' ', keyLengths)}",
            seed,
            OpTolerance.Attention(headSize, Longest(keyLengths)),
            run => Call(run, queryLengths, keyLengths, heads, headSize, causal, null));

    /// <summary>With rows, or one row and its multiplicity, before every sequence.</summary>
    public static Gen<OpCase> Prefix =>
        from seed in Shapes.Seed
        from keyLengths in Shapes.Lengths
        from queryLengths in Gen.ArrayOf(Gen.Choose(0, 5), keyLengths.Length)
        from heads in Gen.Choose(1, 3)
        from headSize in Shapes.FewColumns
        from causal in Shapes.Flag
        from prefixRows in Gen.Choose(1, 40)
        from repeated in Shapes.Flag
        from counts in Gen.ArrayOf(Gen.Choose(0, prefixRows), keyLengths.Length)
        select new OpCase(
            $"{heads} heads of {headSize}, causal {causal}, lengths {string.Join(' ', queryLengths)} on {string.Join(' ', keyLengths)} "
            + $"after {string.Join(' ', counts)}, repeated {repeated}",
            seed,
            OpTolerance.Attention(headSize, Longest(keyLengths) + prefixRows),
            run =>
            {
                Table keys = run.Table(repeated ? 1 : prefixRows, heads * headSize);
                Table values = run.Table(repeated ? 1 : prefixRows, heads * headSize);
                return Call(run, queryLengths, keyLengths, heads, headSize, causal, new AttentionPrefix(keys, values, run.Ids(counts), repeated));
            });

    /// <summary>All heads attend to the same keys, most often with one query a sequence; with a prefix or without.</summary>
    public static Gen<OpCase> SharedKeys =>
        from seed in Shapes.Seed
        from keyLengths in Shapes.Lengths
        from most in Gen.Elements(1, 1, 6)
        from queryLengths in Gen.ArrayOf(Gen.Choose(0, most), keyLengths.Length)
        from heads in Gen.Choose(1, 9)
        from headSize in Shapes.FewColumns
        from causal in Shapes.Flag
        from prefixRows in Gen.Choose(0, 40)
        from repeated in Shapes.Flag
        from counts in Gen.ArrayOf(Gen.Choose(0, prefixRows), keyLengths.Length)
        select new OpCase(
            $"{heads} heads of {headSize} share keys, causal {causal}, lengths {string.Join(' ', queryLengths)} on {string.Join(' ', keyLengths)} "
            + $"after {string.Join(' ', counts)}, repeated {repeated}",
            seed,
            OpTolerance.Attention(headSize, Longest(keyLengths) + prefixRows),
            run =>
            {
                Ragged queries = run.Ragged(queryLengths);
                Ragged keys = run.Ragged(keyLengths);
                Tensor query = run.Input(queries.RowCount, heads * headSize);
                Tensor key = run.Input(keys.RowCount, headSize);
                Tensor value = run.Input(keys.RowCount, headSize);
                Tensor output = run.OutputMaybeIn(query);
                AttentionPrefix? prefix = null;
                if (prefixRows > 0)
                {
                    int rows = repeated ? 1 : prefixRows;
                    prefix = new AttentionPrefix(run.Table(rows, headSize), run.Table(rows, headSize), run.Ids(counts), repeated);
                }

                AttentionSpec spec = new(queries, keys, heads, ScaleOf(headSize), causal, prefix) { SharesKeys = true };
                return () => run.Device.Attention(run.Workspace, query, key, value, spec, output);
            });

    private static Action Call(
        OpRun run, int[] queryLengths, int[] keyLengths, int heads, int headSize, bool causal, AttentionPrefix? prefix)
    {
        Ragged queries = run.Ragged(queryLengths);
        Ragged keys = run.Ragged(keyLengths);
        Tensor query = run.Input(queries.RowCount, heads * headSize);
        Tensor key = run.Input(keys.RowCount, heads * headSize);
        Tensor value = run.Input(keys.RowCount, heads * headSize);
        Tensor output = run.OutputMaybeIn(query);
        AttentionSpec spec = new(queries, keys, heads, ScaleOf(headSize), causal, prefix);
        return () => run.Device.Attention(run.Workspace, query, key, value, spec, output);
    }

    private static int Longest(int[] lengths) => lengths.DefaultIfEmpty().Max();

    private static float ScaleOf(int headSize) => 1 / MathF.Sqrt(headSize);
}
