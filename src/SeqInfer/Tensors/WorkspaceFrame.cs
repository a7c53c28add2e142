namespace SeqInfer.Tensors;

/// <summary>A mark in a <see cref="Workspace"/>; disposing it frees all windows taken since.</summary>
public readonly ref struct WorkspaceFrame
{
    private readonly Workspace _workspace;
    private readonly long _top;
    private readonly int _indexTop;

    internal WorkspaceFrame(Workspace workspace, long top, int indexTop)
    {
        _workspace = workspace;
        _top = top;
        _indexTop = indexTop;
    }

    /// <summary>Frees the windows.</summary>
    public void Dispose() => _workspace.Release(_top, _indexTop);
}
