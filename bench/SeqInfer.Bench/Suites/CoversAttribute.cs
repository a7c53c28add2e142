namespace SeqInfer.Bench.Suites;

/// <summary>Names the operations of the op set that a suite times.</summary>
/// <param name="operations">Their names.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CoversAttribute(params string[] operations) : Attribute
{
    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Operations { get; } = operations;
}
