using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

/// <summary>An arena that holds names of values instead of numbers. Ids and offsets are real.</summary>
internal sealed class RecordingWorkspace(WorkspaceSize size) : Workspace(size, planning: false)
{
    public override long ByteCount => 4L * Capacity.Indices;

    /// <summary>What each window holds.</summary>
    public SymbolicMemory Memory { get; } = new();

    /// <summary>Integer results, such as the ids of a top-K.</summary>
    public Dictionary<Indices, string> IntegerResults { get; } = [];
}
