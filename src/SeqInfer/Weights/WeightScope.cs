using System.Diagnostics.CodeAnalysis;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>
/// Weights looked up by path, as a model's modules nest: <c>weights.Scope("layers.0").Matrix("linear.weight", rows, columns)</c>. A lookup
/// that fails returns zeros and is remembered, so that a model's constructor runs to its end and <see cref="Complete"/> can name
/// everything that is wrong at once.
/// </summary>
/// <remarks>Used by one thread, while a model is built. The parameters it returns are thread-safe.</remarks>
public sealed class WeightScope
{
    private readonly WeightLedger _ledger;

    private WeightScope(WeightLedger ledger, string prefix)
    {
        _ledger = ledger;
        Prefix = prefix;
    }

    /// <summary>What stands before every name of this scope: empty, or a path ending in a dot.</summary>
    public string Prefix { get; }

    /// <summary>The names of all tensors below this scope, relative to it, in ordinal order.</summary>
    public IReadOnlyList<string> Names
        => [.. _ledger.Names.Where(IsInside).Select(name => name[Prefix.Length..]).Order(StringComparer.Ordinal)];

    /// <summary>The names of the scopes directly below this one, in ordinal order: "layers" where there is "layers.0.bias".</summary>
    public IReadOnlyList<string> ScopeNames
        => [.. Names.Where(name => name.Contains('.')).Select(name => name[..name.IndexOf('.')]).Distinct(StringComparer.Ordinal)];

    /// <summary>Names that were given other ones, and that no model has asked for so far.</summary>
    internal IEnumerable<string> UnknownNames => _ledger.UnknownNames;

    /// <summary>The weights of a model directory or file.</summary>
    /// <param name="files">Stays open as long as parameters are read.</param>
    /// <param name="tensorNames">Full names as the model asks for them -> names in the file.</param>
    public static WeightScope FromFiles(WeightFiles files, IReadOnlyDictionary<string, string>? tensorNames = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new WeightScope(new WeightLedger(files.Path, files.Tensors, tensorNames), "");
    }

    /// <summary>Weights from any tensors.</summary>
    /// <param name="tensors">Tensors with distinct names.</param>
    /// <param name="tensorNames">Full names as the model asks for them -> names of the tensors.</param>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static WeightScope FromTensors(IEnumerable<TensorInfo> tensors, IReadOnlyDictionary<string, string>? tensorNames = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return new WeightScope(new WeightLedger(TensorInfo.InMemory, tensors, tensorNames), "");
    }

    /// <summary>Weights from F32 values in memory.</summary>
    /// <inheritdoc cref="FromTensors(IEnumerable{TensorInfo}, IReadOnlyDictionary{string, string})"/>
    /// <exception cref="SafetensorsFormatException">The number of values is not that of the shape.</exception>
    public static WeightScope FromTensors(
        IEnumerable<(string Name, Shape Shape, float[] Values)> tensors, IReadOnlyDictionary<string, string>? tensorNames = null)
        => FromTensors(tensors.Select(tensor => TensorInfo.FromValues(tensor.Name, tensor.Shape, tensor.Values)), tensorNames);

    /// <summary>The scope of a module below this one.</summary>
    /// <param name="path">One name, or several with dots between them.</param>
    public WeightScope Scope(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new WeightScope(_ledger, $"{Prefix}{path}.");
    }

    /// <summary>The full name of a tensor of this scope, before overriding.</summary>
    public string FullName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Prefix + name;
    }

    /// <summary>A tensor of shape [rows, columns].</summary>
    public Parameter Matrix(string name, int rows, int columns) => Tensor(name, rows, columns);

    /// <summary>A tensor of shape [length], as a matrix of 1 x length.</summary>
    public Parameter Vector(string name, int length) => Tensor(name, length);

    /// <summary>
    /// A tensor of any shape, as the matrix of its first dimension by the product of the others: a convolution's [out, in, 1] is out x in,
    /// a scalar 1 x 1.
    /// </summary>
    public Parameter Tensor(string name, params ReadOnlySpan<int> shape)
    {
        Span<long> dimensions = stackalloc long[shape.Length];
        for (int i = 0; i < shape.Length; i++) dimensions[i] = shape[i];
        return _ledger.Take(FullName(name), new Shape(dimensions));
    }

    /// <summary>An optional tensor of shape [rows, columns]; a present one must have that shape.</summary>
    /// <returns>False where there is none.</returns>
    public bool TryMatrix(string name, int rows, int columns, [NotNullWhen(true)] out Parameter? parameter)
        => TryTensor(name, out parameter, rows, columns);

    /// <summary>An optional tensor of shape [length]; a present one must have that shape.</summary>
    /// <returns>False where there is none.</returns>
    public bool TryVector(string name, int length, [NotNullWhen(true)] out Parameter? parameter)
        => TryTensor(name, out parameter, length);

    /// <summary>An optional tensor of any shape, as <see cref="Tensor"/> gives it; a present one must have that shape.</summary>
    /// <returns>False where there is none.</returns>
    public bool TryTensor(string name, [NotNullWhen(true)] out Parameter? parameter, params ReadOnlySpan<int> shape)
    {
        parameter = Contains(name) ? Tensor(name, shape) : null;
        return parameter is not null;
    }

    /// <summary>Whether there is such a tensor; does not count as asking for it.</summary>
    public bool Contains(string name) => _ledger.TryGet(FullName(name), out _);

    /// <summary>What a tensor looks like, where its shape decides the model's; does not count as asking for it.</summary>
    public bool TryGetInfo(string name, [NotNullWhen(true)] out TensorInfo? tensor) => _ledger.TryGet(FullName(name), out tensor);

    /// <summary>Accepts a tensor that the model knows and does not need.</summary>
    public void Ignore(string name)
    {
        string fullName = FullName(name);
        _ledger.Ignore(candidate => candidate == fullName);
    }

    /// <summary>Accepts tensors that the model knows and does not need.</summary>
    /// <param name="isIgnored">Is given names relative to this scope, and only those inside it.</param>
    public void Ignore(Predicate<string> isIgnored)
    {
        ArgumentNullException.ThrowIfNull(isIgnored);
        _ledger.Ignore(candidate => IsInside(candidate) && isIgnored(candidate[Prefix.Length..]));
    }

    /// <summary>Checks the whole model, whatever scope it is called on: every tensor asked for was there and no other is left.</summary>
    /// <exception cref="WeightMismatchException">Lists every missing, misfit and unexpected tensor.</exception>
    public void Complete() => _ledger.Complete();

    private bool IsInside(string fullName) => fullName.StartsWith(Prefix, StringComparison.Ordinal);
}
