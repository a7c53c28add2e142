namespace SeqInfer.Tests.Kernels.Attention;

/// <summary>One head of one sequence. All matrices are row-major with <see cref="HeadSize"/> columns.</summary>
internal sealed record AttentionCase
{
    public required int HeadSize { get; init; }

    public required float[] Query { get; init; }

    public required float[] Key { get; init; }

    public required float[] Value { get; init; }

    public bool Causal { get; init; } = true;

    public float Scale { get; init; } = 1;

    public float[] PrefixKey { get; init; } = [];

    public float[] PrefixValue { get; init; } = [];

    public int PrefixMultiplicity { get; init; } = 1;

    public int QueryCount => Query.Length / HeadSize;

    public int KeyCount => Key.Length / HeadSize;

    public int PrefixCount => PrefixKey.Length / HeadSize;

    /// <summary>Normally distributed operands.</summary>
    public static AttentionCase Random(int queries, int keys, int headSize, int seed, bool causal = true, int prefix = 0) => new()
    {
        HeadSize = headSize,
        Query = Samples.Normal(queries * headSize, seed),
        Key = Samples.Normal(keys * headSize, seed + 1),
        Value = Samples.Normal(keys * headSize, seed + 2),
        PrefixKey = Samples.Normal(prefix * headSize, seed + 3),
        PrefixValue = Samples.Normal(prefix * headSize, seed + 4),
        Causal = causal,
        Scale = 1 / MathF.Sqrt(headSize),
    };

    /// <summary>The formula in double: all scores of a row first, then the softmax, then the weighted sum.</summary>
    public double[] Reference()
    {
        double[] output = new double[Query.Length];
        for (int i = 0; i < QueryCount; i++)
        {
            int visible = Causal ? Math.Max(0, KeyCount - QueryCount + i + 1) : KeyCount;
            (float[] Keys, float[] Values, int Row, double Weight)[] seen =
            [
                .. Enumerable.Range(0, PrefixCount).Select(row => (PrefixKey, PrefixValue, row, (double)PrefixMultiplicity)),
                .. Enumerable.Range(0, visible).Select(row => (Key, Value, row, 1.0)),
            ];
            if (seen.Length == 0) continue;
            double[] scores = [.. seen.Select(key => Scale * Dot(i, key.Keys, key.Row))];
            double max = scores.Max();
            double[] weights = [.. scores.Select((score, j) => seen[j].Weight * Math.Exp(score - max))];
            double sum = weights.Sum();
            for (int c = 0; c < HeadSize; c++)
                output[(i * HeadSize) + c] = seen.Select((key, j) => weights[j] * key.Values[(key.Row * HeadSize) + c]).Sum() / sum;
        }

        return output;
    }

    /// <summary>Some query rows against some leading keys.</summary>
    public AttentionCase Part(int firstQuery, int queries, int keys) => this with
    {
        Query = Query[(firstQuery * HeadSize)..((firstQuery + queries) * HeadSize)],
        Key = Key[..(keys * HeadSize)],
        Value = Value[..(keys * HeadSize)],
    };

    public override string ToString() =>
        $"{QueryCount} queries, {PrefixCount} x {PrefixMultiplicity} + {KeyCount} keys, head size {HeadSize}{(Causal ? ", causal" : "")}";

    private double Dot(int query, float[] keys, int row)
    {
        double dot = 0;
        for (int c = 0; c < HeadSize; c++) dot += (double)Query[(query * HeadSize) + c] * keys[(row * HeadSize) + c];
        return dot;
    }
}
