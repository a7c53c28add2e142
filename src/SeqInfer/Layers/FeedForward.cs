using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>The position-wise network of a Transformer block: linear, activation, linear.</summary>
public sealed class FeedForward(Linear inner, Linear outer, Activation activation)
{
    /// <summary>y = W_2 activation(W_1 x + b_1) + b_2 + residual; x and y are [rows, hidden size].</summary>
    public void Forward(Workspace workspace, Tensor x, Tensor y, Tensor? residual)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor h = workspace.Take(x.RowCount, inner.OutputSize);
        inner.Forward(workspace, x, h, activation);
        outer.Forward(workspace, h, y, residual: residual);
    }
}
