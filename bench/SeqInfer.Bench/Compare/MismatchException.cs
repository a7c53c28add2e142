namespace SeqInfer.Bench.Compare;

/// <summary>The two sides give different outputs; their times mean nothing.</summary>
internal sealed class MismatchException(string message) : Exception(message);
