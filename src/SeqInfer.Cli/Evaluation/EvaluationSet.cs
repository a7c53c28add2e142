using SeqInfer.Cli.Data;
using SeqInfer.Inputs;

namespace SeqInfer.Cli.Evaluation;

/// <summary>What a model is evaluated on: for each user inputs, what the user really chose next, and perhaps candidates.</summary>
/// <param name="Name">Where it comes from.</param>
/// <param name="Inputs">Rows for each user, by the name of the model input they are fed to: "items" for histories, "users" for ids.</param>
/// <param name="Targets">The items to be found, for each user at least one.</param>
/// <param name="Candidates">The items they are to be found among, the first one being the only target; null where none are stored.</param>
/// <param name="Seen">What a user has chosen before; null where that is the history, or nothing is known of it.</param>
internal sealed record EvaluationSet(
    string Name, IReadOnlyDictionary<string, RowSource> Inputs, IdRows Targets, IdRows? Candidates = null, IdRows? Seen = null)
{
    public const string HistoryInput = Models.SequenceEncoder.ItemsInput;

    public const string UserInput = "users";

    public int Count => Targets.RowCount;

    /// <summary>What each user has chosen before; null where nothing is known of it.</summary>
    public IdRows? Known => Seen ?? Inputs.GetValueOrDefault(HistoryInput) as IdRows;

    /// <summary>The same set; where nothing is known of what users have chosen before, it is what a model's edges join with them.</summary>
    public EvaluationSet WithEdges(ModelData data) =>
        Known is null && Inputs.GetValueOrDefault(UserInput) is IdRows users && UserEdges.Read(data) is { } edges
            ? this with { Seen = edges.Of(users) }
            : this;

    /// <summary>What a user has chosen before.</summary>
    public ReadOnlySpan<int> SeenBy(int user) => Known is { } known ? known[user] : default;
}
