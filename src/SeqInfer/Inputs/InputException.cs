namespace SeqInfer.Inputs;

/// <summary>A request that the model cannot answer: wrong ids, lengths or values. Nothing has been computed.</summary>
public sealed class InputException : SeqInferException
{
    /// <summary>Names the input and what is wrong with it.</summary>
    public InputException(string input, string problem)
        : base($"input '{input}': {problem}") => Input = input;

    /// <summary>The input's name in the signature.</summary>
    public string Input { get; }
}
