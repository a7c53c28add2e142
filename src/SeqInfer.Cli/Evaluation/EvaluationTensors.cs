using SeqInfer.Cli.Data;
using SeqInfer.Inputs;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Evaluation;

/// <summary>
/// An evaluation set in one safetensors file, a row a user. Inputs: "input_ids" (histories, filled up on the left with 0), "items" with
/// "items.offsets", and any further tensor called as a model input ("users", fields). What is to be found: the first column of the one tensor
/// whose name begins with "candidates", or "targets" (one a user, or lists with "targets.offsets"); "seen" with "seen.offsets" is what was
/// chosen before. Instead of all that, pairs: "test_users" with "test_items", and "train_users" with "train_items" for what was chosen before.
/// </summary>
internal static class EvaluationTensors
{
    private const string CandidatesPrefix = "candidates";
    private const string OffsetsSuffix = ".offsets";
    private const string Targets = "targets";
    private const string Seen = "seen";
    private const string HistoryTensor = "input_ids";

    public static EvaluationSet Read(string name, SafetensorsFile tensors)
    {
        if (tensors.TryGetTensor("test_users", out TensorInfo? users))
            return ReadPairs(name, tensors, users);
        IdRows? candidates = Candidates(tensors);
        IdRows targets = tensors.TryGetTensor(Targets, out TensorInfo? found)
            ? Lists(tensors, found)
            : candidates is null
                ? throw new CliException($"{tensors.Path}: no tensor '{CandidatesPrefix}', '{Targets}' or 'test_users', which say what is to be found")
                : IdRows.FromLists([.. Enumerable.Range(0, candidates.RowCount).Select(row => candidates[row][..1].ToArray())]);
        IdRows? seen = tensors.TryGetTensor(Seen, out TensorInfo? before) ? Lists(tensors, before) : null;
        Dictionary<string, RowSource> inputs = new(StringComparer.Ordinal);
        foreach (TensorInfo tensor in tensors.Tensors)
        {
            if (tensor.Name is Targets or Seen || tensor.Name.StartsWith(CandidatesPrefix, StringComparison.Ordinal) || IsOffsets(tensors, tensor))
                continue;
            if (tensor.Name == HistoryTensor)
                inputs.Add(EvaluationSet.HistoryInput, TensorRows.ReadLeftPadded(tensor, padId: 0));
            else
                inputs.Add(tensor.Name, tensor.DType.IsFloat() ? Values(tensor) : Lists(tensors, tensor));
        }

        return inputs.Count > 0
            ? new EvaluationSet(name, inputs, targets, candidates, seen)
            : throw new CliException($"{tensors.Path}: no input; expected '{HistoryTensor}', 'users' or another tensor called as a model input");
    }

    /// <summary>The stored candidates, or null.</summary>
    public static IdRows? Candidates(SafetensorsFile tensors)
    {
        TensorInfo[] found =
        [
            .. tensors.Tensors.Where(tensor => tensor.Name.StartsWith(CandidatesPrefix, StringComparison.Ordinal) && !IsOffsets(tensors, tensor)),
        ];
        if (found.Length > 1)
            throw new CliException($"{tensors.Path}: {found.Length} tensors begin with '{CandidatesPrefix}', expected one");
        if (found.Length == 0)
            return null;
        IdRows candidates = Lists(tensors, found[0]);
        return Enumerable.Range(0, candidates.RowCount).All(row => candidates.LengthOf(row) > 0)
            ? candidates
            : throw new CliException($"{tensors.Path}: tensor '{found[0].Name}' is {found[0].Shape}, expected users and candidates");
    }

    // Users in ascending order, each once.
    private static EvaluationSet ReadPairs(string name, SafetensorsFile tensors, TensorInfo users)
    {
        ILookup<int, int> test = Pairs(tensors, users, "test_items");
        ILookup<int, int>? train = tensors.TryGetTensor("train_users", out TensorInfo? before) ? Pairs(tensors, before, "train_items") : null;
        int[] rows = [.. test.Select(user => user.Key).Order()];
        Dictionary<string, RowSource> inputs = new(StringComparer.Ordinal) { [EvaluationSet.UserInput] = IdRows.FromMatrix(rows.Length, 1, rows) };
        return new EvaluationSet(name, inputs, ByUser(test), null, train is null ? null : ByUser(train));

        IdRows ByUser(ILookup<int, int> pairs) => IdRows.FromLists([.. rows.Select(user => pairs[user].Distinct().ToArray())]);
    }

    private static ILookup<int, int> Pairs(SafetensorsFile tensors, TensorInfo users, string items)
    {
        if (!tensors.TryGetTensor(items, out TensorInfo? second) || second.Shape.ElementCount != users.Shape.ElementCount)
            throw new CliException($"{tensors.Path}: '{users.Name}' needs '{items}' beside it, of the same length");
        return users.ToInt32s().Zip(second.ToInt32s()).ToLookup(pair => pair.First, pair => pair.Second);
    }

    private static bool IsOffsets(SafetensorsFile tensors, TensorInfo tensor) =>
        tensor.Name.EndsWith(OffsetsSuffix, StringComparison.Ordinal) && tensors.TryGetTensor(tensor.Name[..^OffsetsSuffix.Length], out _);

    private static IdRows Lists(SafetensorsFile tensors, TensorInfo tensor) => tensors.TryGetTensor(tensor.Name + OffsetsSuffix, out TensorInfo? offsets)
        ? TensorRows.ReadRagged(tensor, offsets)
        : (IdRows)TensorRows.Read(tensor, new InputSpec { Name = tensor.Name, Kind = InputKind.RaggedIds });

    private static RowSource Values(TensorInfo tensor) => TensorRows.Read(tensor, new InputSpec { Name = tensor.Name, Kind = InputKind.Values });
}
