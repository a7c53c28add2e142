using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Runtime;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Models;

/// <summary>A model's bare forward pass on a device of the caller's, again and again for one request.</summary>
internal sealed class DeviceRun : IDisposable
{
    private readonly Model _model;
    private readonly BenchModel _bench;
    private readonly BatchLimits _limits;
    private readonly ModelWorkspace _workspace;
    private readonly Batch _request;

    /// <summary>Makes the model and its workspace.</summary>
    /// <param name="bench">The model.</param>
    /// <param name="device">Where it runs; the caller disposes it.</param>
    /// <param name="batch">Rows that <paramref name="fill"/> writes.</param>
    /// <param name="fill">Writes the request.</param>
    public DeviceRun(BenchModel bench, Device device, int batch, Action<Batch> fill)
    {
        _bench = bench;
        _model = bench.CreateOn(device);
        _model.Prepare();
        _limits = bench.Limits(_model.Signature, batch);
        _workspace = WorkspacePlanner.Create(_model, _limits);
        _request = new Batch(_model.Signature) { TopK = bench.TopK };
        fill(_request);
    }

    /// <summary>The arena, with the queue of a device that has one.</summary>
    public Workspace Arena => _workspace.Pass.Workspace;

    /// <summary>Runs the forward pass; the output stays on the device.</summary>
    public void Run()
    {
        _workspace.Pass.Begin(_request, _limits.Outputs);
        _model.Forward(_workspace.Pass);
    }

    /// <summary>The output of the last run.</summary>
    public float[] Read()
    {
        OutputView view = _workspace[_bench.Output];
        float[] values = new float[view.ElementCount];
        view.CopyTo(values);
        return values;
    }

    public void Dispose() => _workspace.Dispose();
}
