using SeqInfer.Cli.Data;

namespace SeqInfer.Cli.Evaluation;

/// <summary>What a model is evaluated on: for each user an input, the item that really came next, and perhaps candidates.</summary>
/// <param name="Name">Where it comes from.</param>
/// <param name="InputName">The model input that <paramref name="Inputs"/> are fed to: "items" for histories, "users" for ids.</param>
/// <param name="Inputs">A row for each user.</param>
/// <param name="Targets">The item to be found, for each user.</param>
/// <param name="Candidates">The items it is to be found among, the first one being the target; null where none are stored.</param>
internal sealed record EvaluationSet(string Name, string InputName, IdRows Inputs, int[] Targets, IdRows? Candidates)
{
    public const string HistoryInput = Models.SequenceEncoder.ItemsInput;

    public const string UserInput = "users";

    public int Count => Targets.Length;

    /// <summary>What a user has seen before the target.</summary>
    public ReadOnlySpan<int> Seen(int user) => InputName == HistoryInput ? Inputs[user] : default;
}
