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
            int? parallel = input.ParallelTo is { } other ? ids[signature.IndexOfInput(other)]!.Length : null;
            values.Add(isValues ? [.. Enumerable.Range(0, parallel ?? input.Width).Select(_ => (float)((random.NextDouble() * 4) - 2))] : null);
            ids.Add(isValues ? null : [.. Enumerable.Range(0, parallel ?? LengthOf(input, random)).Select(_ => IdOf(input, random))]);
        }

        ShowReadSlots(signature, ids, random);
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
        RaggedRole.Events => random.Next(0, (input.MaxLength > 0 ? input.MaxLength : 20) + (input.KeepsNewest ? 3 : 1)),
        RaggedRole.Candidates => random.Next(0, 9),
        _ => random.Next(0, 5),
    };

    // The slots that an encoder of tokens reads must be there, and its mask must not hide them.
    private static void ShowReadSlots(ModelSignature signature, List<int[]?> ids, Random random)
    {
        int mask = signature.IndexOfInput("attention_mask");
        if (mask < 0 || ids[mask]!.Length == 0)
        {
            if (signature.IndexOfInput("logits_position") is int unread and >= 0)
                ids[unread] = [0];
            return;
        }

        ids[mask]![0] = 1;
        if (signature.IndexOfInput("logits_position") is int position and >= 0)
        {
            int slot = random.Next(ids[mask]!.Length);
            ids[position] = [slot];
            ids[mask]![slot] = 1;
        }
    }

    private static int IdOf(InputSpec input, Random random) =>
        random.Next(Math.Max(0, input.MinId), input.MaxId == int.MaxValue ? 1000 : input.MaxId + 1);
}
