namespace SeqInfer.Tensors;

/// <summary>A request needs more than its workspace was made for.</summary>
public sealed class WorkspaceCapacityException : SeqInferException
{
    internal WorkspaceCapacityException(string what, long needed, long capacity)
        : base($"the workspace holds {capacity} {what} and the request needs at least {needed}: create it with higher limits or send a smaller batch")
    {
        Needed = needed;
        Capacity = capacity;
    }

    /// <summary>At least so much is needed.</summary>
    public long Needed { get; }

    /// <summary>So much there is.</summary>
    public long Capacity { get; }
}
