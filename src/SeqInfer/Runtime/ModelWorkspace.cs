using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Tensors;

namespace SeqInfer;

/// <summary>
/// The memory one request of a model needs: its size follows from the limits it was made for, and never grows.
/// Belongs to one thread at a time; a service has one a thread, or rents them.
/// </summary>
public sealed class ModelWorkspace : IDisposable
{
    private readonly Workspace _arena;

    internal ModelWorkspace(Model model, BatchLimits limits, Workspace arena)
    {
        Model = model;
        Limits = limits;
        _arena = arena;
        Pass = new ForwardPass(model.Signature, model.Device, arena);
        Scratch = new Batch(model.Signature);
    }

    /// <summary>The largest batch it has room for.</summary>
    public BatchLimits Limits { get; }

    /// <summary>Bytes of memory it holds.</summary>
    public long ByteCount => _arena.ByteCount;

    internal Model Model { get; }

    internal ForwardPass Pass { get; }

    /// <summary>A batch for requests that bring none of their own.</summary>
    internal Batch Scratch { get; }

    /// <summary>An output of the last request.</summary>
    /// <exception cref="ArgumentException">The model has no such output, or the request did not want it.</exception>
    public OutputView this[string output]
    {
        get
        {
            int index = Model.Signature.IndexOfOutput(output);
            if (index < 0)
                throw new ArgumentException($"no output '{output}'; there are: {string.Join(", ", Model.Signature.Outputs.Select(spec => spec.Name))}", nameof(output));
            return this[index];
        }
    }

    internal OutputView this[int index]
    {
        get
        {
            OutputSpec spec = Model.Signature.Outputs[index];
            ForwardPass.Result result = Pass[index];
            return result.IsGiven
                ? new OutputView(spec, Model.Device, _arena, result.Values, result.Ids)
                : throw new ArgumentException($"output '{spec.Name}' was not asked for", nameof(index));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}
