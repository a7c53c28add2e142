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

    /// <summary>
    /// True for a family that can go on from event to event; false for one in which a new event changes what the older ones became, so that it
    /// computes anew from the history.
    /// </summary>
    public virtual bool HasState => false;

    /// <summary>Numbers of a user's state after some events; the first ones stay where they are as it grows.</summary>
    public virtual int StateSize(int eventCount) => 0;

    /// <summary>Takes new events into a state, with the bits that <see cref="Forward(ForwardPass)"/> gives for all events at once.</summary>
    /// <param name="pass">Its batch has one row, of which the history holds the new events; all other inputs may be empty.</param>
    /// <param name="eventCount">Events that the state holds; without any its numbers are undefined.</param>
    /// <param name="state">As many numbers as all events together need.</param>
    protected internal virtual void Advance(ForwardPass pass, int eventCount, StateValues state) => throw NoState();

    /// <summary>Computes the wanted outputs of one user, with a state in place of the history.</summary>
    /// <param name="pass">Its batch has one row, of which the history is not looked at unless there are no events.</param>
    /// <param name="eventCount">Events that the state holds.</param>
    /// <param name="state">As many numbers as they need; none without events.</param>
    protected internal virtual void Forward(ForwardPass pass, int eventCount, StateValues state) => throw NoState();

    private NotSupportedException NoState() => new($"{GetType().Name} keeps no state");
}
