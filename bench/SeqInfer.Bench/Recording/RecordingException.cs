namespace SeqInfer.Bench.Recording;

/// <summary>A forward pass does something that has no counterpart in the graph being recorded.</summary>
internal sealed class RecordingException(string message) : Exception(message);
