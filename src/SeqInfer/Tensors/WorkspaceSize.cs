namespace SeqInfer.Tensors;

/// <summary>How much a workspace holds.</summary>
/// <param name="Elements">Arena elements: 4 bytes each on the CPU and GPUs, 8 on the reference device.</param>
/// <param name="Indices">32-bit integers.</param>
public readonly record struct WorkspaceSize(long Elements, int Indices)
{
    /// <summary>The larger of both, part by part.</summary>
    public static WorkspaceSize Max(WorkspaceSize left, WorkspaceSize right) =>
        new(Math.Max(left.Elements, right.Elements), Math.Max(left.Indices, right.Indices));
}
