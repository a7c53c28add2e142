using SeqInfer.Inputs;

namespace SeqInfer.Bench.Compare;

/// <summary>A request to our side with buffers for what it returns, as a service would hold them: one for each thread.</summary>
internal sealed class OurRun : IDisposable
{
    private readonly SequenceModel _model;
    private readonly ModelWorkspace _workspace;
    private readonly OutputSet _outputs;
    private readonly string _output;
    private readonly float[] _values;
    private readonly int[] _ids;

    /// <summary>Makes a workspace and runs once, which shows how large the output is.</summary>
    public OurRun(SequenceModel model, BatchLimits limits, string output, Batch batch)
    {
        _model = model;
        _output = output;
        _outputs = limits.Outputs;
        _workspace = model.CreateWorkspace(limits);
        Batch = batch;
        model.Run(batch, _workspace, _outputs);
        OutputView view = _workspace[output];
        _values = new float[view.ElementCount];
        _ids = new int[view.Ids.Length];
    }

    /// <summary>The request.</summary>
    public Batch Batch { get; }

    /// <summary>What the last run returned.</summary>
    public ReadOnlySpan<float> Values => _workspace[_output].TryGetValues(out ReadOnlySpan<float> values) ? values : _values;

    /// <summary>The ids that the last run returned; empty unless the output is a top-K.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>Answers the request. The output is read in place, as it is from a buffer bound to the other side's session, or else copied.</summary>
    public void Run() => Run(Batch);

    /// <summary>Answers another request of the same size.</summary>
    public void Run(Batch batch)
    {
        _model.Run(batch, _workspace, _outputs);
        OutputView view = _workspace[_output];
        if (!view.TryGetValues(out _))
            view.CopyTo(_values);
        if (_ids.Length > 0)
            view.Ids.CopyTo(_ids);
    }

    public void Dispose() => _workspace.Dispose();
}
