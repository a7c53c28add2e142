using SeqInfer.Cli.Data;
using SeqInfer.Features;
using SeqInfer.Inputs;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Evaluation;

/// <summary>
/// Reads evaluation sets: an event log (events.csv in a folder, or a CSV file), or a folder with sequences.safetensors (items, offsets;
/// the last item of a user is the target) and/or eval.safetensors (candidates* with the target in column 0; input_ids or users where there
/// are no sequences).
/// </summary>
internal static class EvaluationSetReader
{
    private const string EventsFile = "events.csv";
    private const string ItemsFile = "items.csv";
    private const string SequencesFile = "sequences.safetensors";
    private const string EvaluationFile = "eval.safetensors";

    public static EvaluationSet Read(string path)
    {
        if (File.Exists(path))
            return ReadEvents(path, null);
        if (!Directory.Exists(path))
            throw new CliException($"{path}: no such file or directory");
        string events = Path.Combine(path, EventsFile);
        if (File.Exists(events))
        {
            string items = Path.Combine(path, ItemsFile);
            return ReadEvents(events, File.Exists(items) ? ItemTable.Read(items) : null);
        }

        string sequences = Path.Combine(path, SequencesFile);
        string evaluation = Path.Combine(path, EvaluationFile);
        if (!File.Exists(sequences) && !File.Exists(evaluation))
            throw new CliException($"{path}: no data set; expected {EventsFile}, {SequencesFile} or {EvaluationFile}");
        using SafetensorsFile? evaluationTensors = File.Exists(evaluation) ? SafetensorsFile.Open(evaluation) : null;
        return File.Exists(sequences) ? ReadSequences(path, sequences, evaluationTensors) : ReadInputs(path, evaluationTensors!);
    }

    /// <summary>Leave-one-out of an event log: everything but a user's last event is the input.</summary>
    public static EvaluationSet FromLog(string name, EventLog log) => FromSplit(name, new LeaveOneOutSplit(log.ToSequences()), null);

    private static EvaluationSet ReadEvents(string file, ItemTable? items) => FromLog(file, EventTable.Read(file, items).Log);

    private static EvaluationSet ReadSequences(string path, string file, SafetensorsFile? evaluation)
    {
        using SafetensorsFile tensors = SafetensorsFile.Open(file);
        UserSequences sequences;
        try
        {
            sequences = UserSequences.FromRagged(tensors["offsets"].ToInt32s(), tensors["items"].ToInt32s());
        }
        catch (ArgumentException e)
        {
            throw new CliException($"{file}: {e.Message}", e);
        }

        var split = new LeaveOneOutSplit(sequences);
        IdRows? candidates = evaluation is null ? null : Candidates(evaluation);
        if (candidates is not null && split.Count != sequences.Count)
            throw new CliException($"{path}: {sequences.Count - split.Count} users have a single event; candidates need users with two or more");
        return FromSplit(path, split, candidates);
    }

    private static EvaluationSet ReadInputs(string path, SafetensorsFile tensors)
    {
        IdRows candidates = Candidates(tensors) ?? throw new CliException($"{tensors.Path}: no tensor 'candidates'");
        int[] targets = [.. Enumerable.Range(0, candidates.RowCount).Select(row => candidates[row][0])];
        if (tensors.TryGetTensor("input_ids", out TensorInfo? histories))
            return Check(new EvaluationSet(path, EvaluationSet.HistoryInput, TensorRows.ReadLeftPadded(histories, padId: 0), targets, candidates));
        if (tensors.TryGetTensor("users", out TensorInfo? users))
            return Check(new EvaluationSet(path, EvaluationSet.UserInput, (IdRows)TensorRows.Read(users, new InputSpec { Name = "users", Kind = InputKind.Ids }), targets, candidates));
        throw new CliException($"{tensors.Path}: neither 'input_ids' nor 'users', and no {SequencesFile} beside it");
    }

    private static EvaluationSet FromSplit(string name, LeaveOneOutSplit split, IdRows? candidates)
    {
        int[] targets = [.. Enumerable.Range(0, split.Count).Select(split.Target)];
        IdRows histories = IdRows.FromLists([.. Enumerable.Range(0, split.Count).Select(index => split.History(index).ToArray())]);
        return Check(new EvaluationSet(name, EvaluationSet.HistoryInput, histories, targets, candidates));
    }

    private static IdRows? Candidates(SafetensorsFile tensors)
    {
        const string Prefix = "candidates";
        TensorInfo[] found = [.. tensors.Tensors.Where(tensor => tensor.Name.StartsWith(Prefix, StringComparison.Ordinal))];
        if (found.Length > 1)
            throw new CliException($"{tensors.Path}: {found.Length} tensors begin with '{Prefix}', expected one");
        if (found.Length == 0)
            return null;
        var candidates = (IdRows)TensorRows.Read(found[0], new InputSpec { Name = Prefix, Kind = InputKind.RaggedIds });
        return found[0].Shape.Rank == 2 && found[0].Shape[1] > 0
            ? candidates
            : throw new CliException($"{tensors.Path}: tensor '{found[0].Name}' is {found[0].Shape}, expected users and candidates");
    }

    private static EvaluationSet Check(EvaluationSet set)
    {
        if (set.Count == 0)
            throw new CliException($"{set.Name}: no user has a history and an item to be found");
        if (set.Inputs.RowCount != set.Count || (set.Candidates is not null && set.Candidates.RowCount != set.Count))
            throw new CliException($"{set.Name}: {set.Inputs.RowCount} inputs and {set.Candidates?.RowCount ?? 0} rows of candidates for {set.Count} users");
        for (int user = 0; user < set.Count; user++)
        {
            if (set.Candidates is not null && set.Candidates[user][0] != set.Targets[user])
                throw new CliException($"{set.Name}: user {user}: the first candidate is {set.Candidates[user][0]}, the item to be found {set.Targets[user]}");
        }

        return set;
    }
}
