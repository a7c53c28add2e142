using SeqInfer.Layers;
using SeqInfer.Tensors;

namespace SeqInfer.Models.Ctr;

/// <summary>One layer of a cross network.</summary>
internal interface ICross
{
    /// <summary>Computes y = cross(x0, x) + x.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="x0">[rows, columns].</param>
    /// <param name="x">[rows, columns]; the first layer's is <paramref name="x0"/> itself.</param>
    /// <param name="parts">The same as <paramref name="x"/>, taken apart as the layer was made for: what rows share is multiplied once.</param>
    /// <param name="y">[rows, columns], x itself or apart from both.</param>
    void Forward(Workspace workspace, Tensor x0, Tensor x, in SplitRows parts, Tensor y);
}
