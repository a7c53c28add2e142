using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>Linear layers one after the other, each followed by the same activation, the last one by one of its own.</summary>
/// <param name="layers">At least one; each takes what the one before gives.</param>
/// <param name="activation">After every layer but the last.</param>
/// <param name="lastActivation">After the last.</param>
public sealed class LinearStack(IReadOnlyList<Linear> layers, Activation activation, Activation lastActivation)
{
    private readonly Linear[] _layers = [.. layers];
    private readonly int _widest = layers.SkipLast(1).Select(layer => layer.OutputSize).DefaultIfEmpty().Max();

    /// <summary>Columns of the output.</summary>
    public int OutputSize => _layers[^1].OutputSize;

    /// <summary>Applies all layers; x is [rows, in], y [rows, out].</summary>
    public void Forward(Workspace workspace, Tensor x, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor front = workspace.Take(x.RowCount, _widest);
        Tensor back = workspace.Take(x.RowCount, _layers.Length > 2 ? _widest : 0);
        for (int i = 0; i < _layers.Length - 1; i++)
        {
            Tensor next = Workspace.Reuse(i % 2 == 0 ? front : back, _layers[i].OutputSize);
            _layers[i].Forward(workspace, x, next, activation);
            x = next;
        }

        _layers[^1].Forward(workspace, x, y, lastActivation);
    }
}
