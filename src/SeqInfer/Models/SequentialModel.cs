using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// A list of layers over dense features: multi-layer perceptrons, logistic regression, autoencoders with their latent vector.
/// The configuration lists the layers and which of them are outputs.
/// </summary>
/// <remarks>
/// Layers: linear (PyTorch [out, in] or Keras [in, out] kernels), activation, prelu, layer_norm, batch_norm (running statistics) and
/// dropout, which does nothing. A batch norm right after a linear layer is folded into its weights, in double precision, at load;
/// an activation right after one is fused into it.
/// </remarks>
public sealed class SequentialModel : Model
{
    private readonly SequentialStep[] _steps;
    private readonly int _inputSize;
    private readonly int _widest;

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
        _inputSize = plan.InputSize;
        _widest = _steps.Select(step => step.Width).Append(plan.InputSize).Max();
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        int batch = pass.Batch.Count;

        // Two buffers in turn; an output gets a window of its own.
        Tensor front = workspace.Take(batch, _widest);
        Tensor back = workspace.Take(batch, _widest);
        Tensor x = Workspace.Reuse(front, _inputSize);
        Device.Write(workspace, ((ValueColumn)pass.Batch[0]).Values, x);
        bool isFront = true;
        foreach (SequentialStep step in _steps)
        {
            if (!step.Outputs.IsEmpty)
            {
                Tensor y = workspace.Take(batch, step.Width);
                step.Forward(workspace, x, y);
                foreach (int output in step.Outputs)
                    pass.Emit(output, y);
                x = y;
                continue;
            }

            Tensor next = Workspace.Reuse(isFront ? back : front, step.Width);
            isFront = !isFront;
            step.Forward(workspace, x, next);
            x = next;
        }
    }
}
