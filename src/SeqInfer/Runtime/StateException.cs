namespace SeqInfer;

/// <summary>A saved state that cannot be restored: made by another model or version, or damaged.</summary>
public sealed class StateException : SeqInferException
{
    /// <summary>Says what is wrong.</summary>
    public StateException(string problem)
        : base($"saved state: {problem}")
    {
    }
}
