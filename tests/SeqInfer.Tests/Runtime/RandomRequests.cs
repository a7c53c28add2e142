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
                if (batch[i] is IdColumn ids)
                    ids.Add(Ids[i]);
                else
                    ((ValueColumn)batch[i]).Add(Values[i]);
            }
        }
    }

    public static Row Create(ModelSignature signature, Random random)
    {
        List<int[]?> ids = [];
        List<float[]?> values = [];
        foreach (InputSpec input in signature.Inputs)
        {
            bool isValues = input.Kind == InputKind.Values;
            values.Add(isValues ? [.. Enumerable.Range(0, input.Width).Select(_ => (float)((random.NextDouble() * 4) - 2))] : null);
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
