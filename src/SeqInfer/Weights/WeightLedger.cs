using System.Diagnostics.CodeAnalysis;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>What all scopes of one model share: the tensors, the overriding names, and an account of what was asked for and found.</summary>
internal sealed class WeightLedger
{
    private readonly Dictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tensorNames;
    private readonly HashSet<string> _renamed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _accounted = new(StringComparer.Ordinal);
    private readonly HashSet<WeightProblem> _problems = [];
    private readonly List<Predicate<string>> _ignored = [];
    private readonly string _source;

    public WeightLedger(string source, IEnumerable<TensorInfo> tensors, IReadOnlyDictionary<string, string>? tensorNames)
    {
        _source = source;
        _tensorNames = tensorNames is null ? [] : new Dictionary<string, string>(tensorNames, StringComparer.Ordinal);
        foreach (TensorInfo tensor in tensors)
        {
            if (!_tensors.TryAdd(tensor.Name, tensor))
                throw new ArgumentException($"Tensor \"{tensor.Name}\" is given twice.", nameof(tensors));
        }
    }

    public IEnumerable<string> Names => _tensors.Keys;

    /// <summary>Overridden names that nobody has asked for.</summary>
    public IEnumerable<string> UnknownNames => _tensorNames.Keys.Where(name => !_renamed.Contains(name));

    public void Ignore(Predicate<string> isIgnored) => _ignored.Add(isIgnored);

    public bool TryGet(string name, [NotNullWhen(true)] out TensorInfo? tensor) => _tensors.TryGetValue(Resolve(name), out tensor);

    /// <summary>The tensor as a matrix, or a stand-in and an entry in the account.</summary>
    public Parameter Take(string requestedAs, Shape expected)
    {
        string name = Resolve(requestedAs);
        bool hasMatrixForm = MatrixSize.TryFlatten(expected, out int rows, out int columns);
        if (!_tensors.TryGetValue(name, out TensorInfo? tensor))
        {
            _ = _problems.Add(new WeightProblem(WeightProblemKind.Missing, name, requestedAs, expected, null, null));
            return new ZeroParameter(name, rows, columns, isMissing: true);
        }

        _ = _accounted.Add(name);
        WeightProblemKind? problem = tensor.Shape != expected || !hasMatrixForm ? WeightProblemKind.WrongShape
            : !tensor.DType.IsConvertible() ? WeightProblemKind.UnsupportedDType
            : null;
        if (problem is null) return StoredParameter.FromTensor(tensor, rows, columns);
        _ = _problems.Add(new WeightProblem(problem.Value, name, requestedAs, expected, tensor.Shape, tensor.DType));
        return new ZeroParameter(name, rows, columns, isMissing: true);
    }

    /// <summary>Throws when anything is missing, misfit or left over.</summary>
    public void Complete()
    {
        foreach (TensorInfo tensor in _tensors.Values)
        {
            if (!_accounted.Contains(tensor.Name) && !_ignored.Exists(isIgnored => isIgnored(tensor.Name)))
                _ = _problems.Add(new WeightProblem(WeightProblemKind.Unexpected, tensor.Name, tensor.Name, null, tensor.Shape, tensor.DType));
        }

        if (_problems.Count > 0)
            throw new WeightMismatchException(_source, [.. _problems.OrderBy(problem => problem.Kind).ThenBy(problem => problem.Name, StringComparer.Ordinal)]);
    }

    private string Resolve(string name)
    {
        if (!_tensorNames.TryGetValue(name, out string? other))
            return name;
        _ = _renamed.Add(name);
        return other;
    }
}
