using SeqInfer.Inputs;

namespace SeqInfer.Tests.Runtime;

/// <summary>Random batches for any signature.</summary>
internal static class RandomRequests
{
    /// <summary>One row of every input, as batches take them.</summary>
    public sealed record Row(IReadOnlyList<int[]?> Ids, IReadOnlyList<float[]?> Values)
    {
        public void AddTo(Batch batch)
        {
            for (int i = 0; i < batch.Signature.Inputs.Length; i++)
            {
                switch (batch[i])
                {
                    case IdColumn ids:
                        ids.Add(Ids[i]);
                        break;
                    case RaggedValueColumn values:
                        values.Add(Values[i]);
                        break;
                    default:
                        ((ValueColumn)batch[i]).Add(Values[i]);
                        break;
                }
            }
        }
    }

    public static Row Create(ModelSignature signature, Random random)
    {
        List<int[]?> ids = [];
        List<float[]?> values = [];
        foreach (InputSpec input in signature.Inputs)
        {
            bool isValues = input.Kind is InputKind.Values or InputKind.RaggedValues;
            int width = input.ParallelTo is { } parallel ? ids[signature.IndexOfInput(parallel)]!.Length : input.Width;
            values.Add(isValues ? [.. Enumerable.Range(0, width).Select(_ => (float)((random.NextDouble() * 4) - 2))] : null);
            ids.Add(isValues ? null : [.. Enumerable.Range(0, LengthOf(input, random)).Select(_ => IdOf(input, random))]);
        }

        return new Row(ids, values);
    }

    public static void Fill(Batch batch, IEnumerable<Row> rows)
    {
        batch.Clear();
        foreach (Row row in rows)
            row.AddTo(batch);
    }

    private static int LengthOf(InputSpec input, Random random) => input.Kind == InputKind.Ids ? input.Width : input.Role switch
    {
        RaggedRole.Events => random.Next(0, (input.MaxLength > 0 ? input.MaxLength : 20) + 3),
        RaggedRole.Candidates => random.Next(0, 9),
        _ => random.Next(0, 5),
    };

    private static int IdOf(InputSpec input, Random random) =>
        random.Next(Math.Max(0, input.MinId), input.MaxId == int.MaxValue ? 1000 : input.MaxId + 1);
}
