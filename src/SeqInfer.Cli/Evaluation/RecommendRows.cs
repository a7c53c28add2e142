using System.Globalization;
using SeqInfer.Cli.Data;
using SeqInfer.Features;
using SeqInfer.Inputs;

namespace SeqInfer.Cli.Evaluation;

/// <summary>Whom to recommend to.</summary>
/// <param name="Names">A name for each row.</param>
/// <param name="Inputs">Inputs of a model, by name.</param>
/// <param name="Origin">Where they come from, for messages.</param>
internal sealed record RecommendRows(string[] Names, IReadOnlyDictionary<string, RowSource> Inputs, string Origin)
{
    private const string AllUsers = "all";

    /// <summary>Users of an event log. Names that are numbers are the model's ids of users, for a model that knows them.</summary>
    public static RecommendRows FromLog(string file, ItemTable? items, string[] wanted)
    {
        EventTable events = EventTable.Read(file, items);
        UserSequences sequences = events.Log.ToSequences();

        // Users are counted from 1 in the order of their first event, so user u is row u - 1.
        int[] rows = wanted.Length == 0 || wanted.Contains(AllUsers)
            ? [.. Enumerable.Range(0, sequences.Count)]
            : [.. wanted.Select(name => events.Users.TryGetId(name, out int id) ? id - 1 : throw new CliException($"{file}: no user '{name}'"))];
        string[] names = [.. rows.Select(row => events.Users[row + 1])];
        Dictionary<string, RowSource> inputs = new(StringComparer.Ordinal)
        {
            [EvaluationSet.HistoryInput] = IdRows.FromLists([.. rows.Select(row => sequences[row].ToArray())]),
        };
        if (Array.TrueForAll(names, name => TryParse(name, out _)))
            inputs.Add(EvaluationSet.UserInput, Numbers(names));
        return new RecommendRows(names, inputs, file);
    }

    /// <summary>Any inputs of a model.</summary>
    public static RecommendRows FromInputs(string file, ModelSignature signature)
    {
        Dictionary<string, RowSource> inputs = PredictInput.ReadSources(file, signature);
        int count = inputs.Values.Select(rows => rows.RowCount).FirstOrDefault();
        return new RecommendRows([.. Enumerable.Range(0, count).Select(row => $"{row}")], inputs, file);
    }

    /// <summary>A history, users that the model knows, or both.</summary>
    public static RecommendRows FromIds(int[] history, string[] users, SequenceModel model)
    {
        const string Origin = "the command line";
        Dictionary<string, RowSource> inputs = new(StringComparer.Ordinal);
        if (history.Length > 0)
            inputs.Add(EvaluationSet.HistoryInput, IdRows.FromLists([history]));
        if (users.Length == 0)
            return new RecommendRows([""], inputs, Origin);
        int index = model.Signature.IndexOfInput(EvaluationSet.UserInput);
        if (index < 0)
            throw new CliException($"--user needs --log: a model of type '{model.ModelType}' knows no users, its inputs are {InputRows.Describe(model.Signature)}");
        InputSpec spec = model.Signature.Inputs[index];
        if (users.Contains(AllUsers))
            users = [.. Enumerable.Range(spec.MinId, spec.MaxId - spec.MinId + 1).Select(id => id.ToString(CultureInfo.InvariantCulture))];
        if (Array.Find(users, user => !TryParse(user, out _)) is { } bad)
            throw new CliException($"--user {bad}: the model knows users {spec.MinId} .. {spec.MaxId}");
        inputs.Add(EvaluationSet.UserInput, Numbers(users));
        return new RecommendRows(users, inputs, Origin);
    }

    /// <summary>What each row has chosen before: its history, or what the edges of a graph join with its user.</summary>
    /// <exception cref="CliException">Neither is known.</exception>
    public IdRows Seen(ModelData data)
    {
        if (Inputs.GetValueOrDefault(EvaluationSet.HistoryInput) is IdRows history)
            return history;
        return Inputs.GetValueOrDefault(EvaluationSet.UserInput) is IdRows users && UserEdges.Read(data) is { } edges
            ? edges.Of(users)
            : throw new CliException($"{Origin}: nothing is known of what was chosen before; leave out --exclude-seen");
    }

    private static IdRows Numbers(string[] names) =>
        IdRows.FromMatrix(names.Length, 1, [.. names.Select(name => TryParse(name, out int id) ? id : 0)]);

    private static bool TryParse(string name, out int id) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
