using System.Text;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>How a tensor and a model disagree.</summary>
public enum WeightProblemKind
{
    /// <summary>The model needs the tensor and the file does not have it.</summary>
    Missing,

    /// <summary>The tensor has another shape than the model needs.</summary>
    WrongShape,

    /// <summary>The tensor's element type has no conversion to float.</summary>
    UnsupportedDType,

    /// <summary>The file has a tensor that the model never asked for.</summary>
    Unexpected,
}

/// <summary>One disagreement between a model and its weights.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Name">Name of the tensor in the file.</param>
/// <param name="RequestedAs">The name that the model used, which differs from <paramref name="Name"/> where names are overridden.</param>
/// <param name="Expected">The shape the model needs; null for an unexpected tensor.</param>
/// <param name="Actual">The shape in the file; null for a missing tensor.</param>
/// <param name="DType">The element type in the file; null for a missing tensor.</param>
public sealed record WeightProblem(
    WeightProblemKind Kind, string Name, string RequestedAs, Shape? Expected, Shape? Actual, DType? DType)
{
    /// <summary>One line: name, expectation, finding.</summary>
    public override string ToString()
    {
        string name = Name == RequestedAs ? Name : $"{Name} (for {RequestedAs})";
        string actual = $"{DType?.SafetensorsName()}{Actual}";
        return Kind switch
        {
            WeightProblemKind.Missing => $"{name}: expected {Expected}",
            WeightProblemKind.Unexpected => $"{name}: {actual}",
            _ => $"{name}: expected {Expected}, found {actual}",
        };
    }
}

/// <summary>The weights do not belong to the model. Lists every disagreement at once.</summary>
public sealed class WeightMismatchException : SeqInferException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">The file or directory.</param>
    /// <param name="problems">Every disagreement.</param>
    /// <param name="hint">Which field of the configuration may be wrong; null: nothing is known of that.</param>
    public WeightMismatchException(string source, IReadOnlyList<WeightProblem> problems, string? hint = null)
        : base(Describe(source, problems, hint))
    {
        WeightsPath = source;
        Problems = problems;
        Hint = hint;
    }

    /// <summary>The file or directory that the weights come from.</summary>
    public string WeightsPath { get; }

    /// <summary>Every disagreement, by kind and name.</summary>
    public IReadOnlyList<WeightProblem> Problems { get; }

    /// <summary>Which field of the configuration may be wrong, and which value the tensors fit; null where nothing is known of that.</summary>
    public string? Hint { get; }

    private static string Describe(string source, IReadOnlyList<WeightProblem> problems, string? hint)
    {
        ArgumentNullException.ThrowIfNull(problems);
        StringBuilder text = new($"{source}: {problems.Count} tensors do not match the model.{(hint is null ? "" : " " + hint)}");
        foreach (IGrouping<WeightProblemKind, WeightProblem> group in problems.GroupBy(problem => problem.Kind))
        {
            string title = group.Key switch
            {
                WeightProblemKind.Missing => "Missing",
                WeightProblemKind.WrongShape => "Wrong shape",
                WeightProblemKind.UnsupportedDType => "Element type without conversion to float",
                _ => "Unexpected (in the file, not in the model)",
            };
            _ = text.Append('\n').Append(title).Append(" (").Append(group.Count()).Append("):");
            foreach (WeightProblem problem in group) _ = text.Append("\n  ").Append(problem);
        }

        return text.ToString();
    }
}
