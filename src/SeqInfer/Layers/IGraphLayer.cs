using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>A layer that lets the nodes of a fixed graph exchange messages.</summary>
public interface IGraphLayer
{
    /// <summary>Columns of the output.</summary>
    int OutputSize { get; }

    /// <summary>From x [nodes, in] to y [nodes, out], which lies apart.</summary>
    void Forward(Workspace workspace, in NodeRows x, Tensor y);
}
