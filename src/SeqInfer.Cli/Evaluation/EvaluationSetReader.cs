using System.Globalization;
using SeqInfer.Cli.Data;
using SeqInfer.Features;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Evaluation;

/// <summary>
/// Reads evaluation sets: an event log (events.csv in a folder, or a CSV file), a folder with sequences.safetensors (items, offsets; the last
/// item of a user is the target) and/or eval.safetensors, or a safetensors file of the latter's form (<see cref="EvaluationTensors"/>).
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
        {
            if (!path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
                return ReadEvents(path, null);
            using SafetensorsFile tensors = SafetensorsFile.Open(path);
            return Check(EvaluationTensors.Read(path, tensors));
        }

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
        return File.Exists(sequences)
            ? ReadSequences(path, sequences, evaluationTensors)
            : Check(EvaluationTensors.Read(path, evaluationTensors!));
    }

    /// <summary>Leave-one-out of an event log: everything but a user's last event is the input.</summary>
    /// <param name="name">Names the set.</param>
    /// <param name="log">The events.</param>
    /// <param name="users">How the log names users; where all names are numbers they are the model's, for models that know users.</param>
    public static EvaluationSet FromLog(string name, EventLog log, Vocabulary? users = null)
    {
        var split = new LeaveOneOutSplit(log.ToSequences());
        return FromSplit(name, split, null, users is null ? null : Numbers(split, users));
    }

    private static EvaluationSet ReadEvents(string file, ItemTable? items)
    {
        EventTable table = EventTable.Read(file, items);
        return FromLog(file, table.Log, table.Users);
    }

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
        IdRows? candidates = evaluation is null ? null : EvaluationTensors.Candidates(evaluation);
        if (candidates is not null && split.Count != sequences.Count)
            throw new CliException($"{path}: {sequences.Count - split.Count} users have a single event; candidates need users with two or more");
        return FromSplit(path, split, candidates, null);
    }

    private static EvaluationSet FromSplit(string name, LeaveOneOutSplit split, IdRows? candidates, IdRows? users)
    {
        Dictionary<string, RowSource> inputs = new(StringComparer.Ordinal)
        {
            [EvaluationSet.HistoryInput] = IdRows.FromLists([.. Enumerable.Range(0, split.Count).Select(index => split.History(index).ToArray())]),
        };
        if (users is not null)
            inputs.Add(EvaluationSet.UserInput, users);
        return Check(new EvaluationSet(
            name, inputs, IdRows.FromLists([.. Enumerable.Range(0, split.Count).Select(index => (int[])[split.Target(index)])]), candidates));
    }

    private static IdRows? Numbers(LeaveOneOutSplit split, Vocabulary users)
    {
        int[] numbers = new int[split.Count];
        for (int index = 0; index < numbers.Length; index++)
        {
            if (!int.TryParse(users[split.User(index)], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[index]))
                return null;
        }

        return IdRows.FromMatrix(numbers.Length, 1, numbers);
    }

    private static EvaluationSet Check(EvaluationSet set)
    {
        if (set.Count == 0)
            throw new CliException($"{set.Name}: no user has a history and an item to be found");
        foreach ((string name, RowSource rows) in set.Inputs)
        {
            if (rows.RowCount != set.Count)
                throw new CliException($"{set.Name}: '{name}' has {rows.RowCount} rows for {set.Count} users");
        }

        if (set.Candidates is not null && set.Candidates.RowCount != set.Count)
            throw new CliException($"{set.Name}: {set.Candidates.RowCount} rows of candidates for {set.Count} users");
        if (set.Seen is not null && set.Seen.RowCount != set.Count)
            throw new CliException($"{set.Name}: 'seen' has {set.Seen.RowCount} rows for {set.Count} users");
        for (int user = 0; user < set.Count; user++)
            Check(set, user);
        return set;
    }

    private static void Check(EvaluationSet set, int user)
    {
        if (set.Targets[user].IsEmpty)
            throw new CliException($"{set.Name}: user {user} has no item to be found");
        if (set.Candidates is null)
            return;
        if (set.Targets[user] is not [int target])
            throw new CliException($"{set.Name}: user {user} has {set.Targets[user].Length} items to be found; candidates need one");
        if (set.Candidates[user] is not [int first, ..] || first != target)
            throw new CliException($"{set.Name}: user {user}: the first candidate is not the item to be found, {target}");
    }
}
