using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>The position-wise network of a Transformer block: linear, activation, linear.</summary>
public sealed class FeedForward(Linear inner, Linear outer, Activation activation)
{
    private readonly LinearChain _chain = new(inner.Then(activation), outer.Then(Activation.None));

    /// <summary>y = W_2 activation(W_1 x + b_1) + b_2 + residual; x and y are [rows, hidden size].</summary>
    public void Forward(Workspace workspace, Tensor x, Tensor y, Tensor? residual) =>
        _chain.Device.LinearChain(workspace, x, _chain, y, residual);
}
