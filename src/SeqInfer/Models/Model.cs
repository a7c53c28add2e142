using SeqInfer.Devices;
using SeqInfer.Inputs;

namespace SeqInfer.Models;

/// <summary>
/// A model family's weights and forward pass on one device. Immutable once loaded and safe to use from many threads.
/// </summary>
/// <remarks>
/// The constructor reads the configuration and names every weight; <see cref="Prepare"/> runs once all weights are known to be right.
/// </remarks>
public abstract class Model
{
    /// <summary>Creates a model on a device.</summary>
    protected Model(Device device, ModelSignature signature)
    {
        Device = device;
        Signature = signature;
    }

    /// <summary>Where it runs.</summary>
    public Device Device { get; }

    /// <summary>Inputs and outputs.</summary>
    public ModelSignature Signature { get; }

    /// <summary>Computes what is the same for every request. Called once, after all weights were found.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>What a family asks of its inputs beyond their specifications. Called before every forward pass.</summary>
    /// <exception cref="InputException">The batch is not one that the model can answer.</exception>
    public virtual void Check(Batch batch, OutputSet outputs)
    {
    }

    /// <summary>
    /// Computes the wanted outputs of a batch. Must take from the workspace only what follows from the batch's sizes,
    /// because the same code measures how large the workspace has to be.
    /// </summary>
    public abstract void Forward(ForwardPass pass);
}
