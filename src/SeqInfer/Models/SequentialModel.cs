using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// A list of layers over dense features, sequences of them or ids: multi-layer perceptrons, logistic regression, autoencoders with their
/// latent vector, 1-D convolutional encoders of text and events. The configuration lists the layers and which of them are outputs.
/// </summary>
/// <remarks>
/// Layers: linear (PyTorch [out, in] or Keras [in, out] kernels), activation, prelu, layer_norm, batch_norm (running statistics) and
/// dropout, which does nothing; over sequences also embedding, conv1d, pool1d, global_pool and flatten. A batch norm right after a linear layer or a convolution is folded into its weights, in double precision, at load;
/// an activation right after one is fused into it.
/// </remarks>
public sealed class SequentialModel : Model
{
    private readonly SequentialStep[] _steps;
    private readonly Table? _table;
    private readonly int _width;
    private readonly int _length;
    private readonly int _largest;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public SequentialModel(ModelConfig config, WeightScope weights, Device device)
        : this(SequentialReader.Read(config, weights, device), device)
    {
    }

    private SequentialModel(SequentialPlan plan, Device device)
        : base(device, plan.Signature)
    {
        _steps = [.. plan.Steps];
        _table = plan.Table;
        _width = plan.Width;
        _length = Math.Max(1, plan.Length);
        long largest = Workspace.ElementsOf(_length, _width);
        foreach (SequentialStep step in _steps)
            largest = Math.Max(largest, Workspace.ElementsOf(step.Length, step.Width));
        _largest = checked((int)largest);
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        int batch = pass.Batch.Count;

        // Two buffers in turn; an output gets a window of its own.
        Tensor front = workspace.Take(batch, _largest);
        Tensor back = workspace.Take(batch, _largest);
        Tensor x = Workspace.Reuse(front, checked(batch * _length), _width);
        if (_table is null)
            Device.Write(workspace, ((ValueColumn)pass.Batch[0]).Values, x);
        else
            Device.Embed(workspace, pass.Ids(0), _table, x);
        bool isFront = true;
        foreach (SequentialStep step in _steps)
        {
            int rows = checked(batch * step.Length);
            if (!step.Outputs.IsEmpty)
            {
                Tensor y = workspace.Take(rows, step.Width);
                step.Forward(workspace, x, y);
                foreach (int output in step.Outputs)
                    pass.Emit(output, y);
                x = y;
                continue;
            }

            Tensor next = Workspace.Reuse(isFront ? back : front, rows, step.Width);
            isFront = !isFront;
            step.Forward(workspace, x, next);
            x = next;
        }
    }
}
