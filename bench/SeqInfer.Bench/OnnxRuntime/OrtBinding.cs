namespace SeqInfer.Bench.OnnxRuntime;

/// <summary>Inputs and outputs bound to memory of ours, so that a run copies and allocates nothing on this side.</summary>
internal sealed unsafe class OrtBinding : IDisposable
{
    private readonly OrtApi _api;
    private readonly OrtSession _session;
    private nint _handle;

    internal OrtBinding(OrtSession session)
    {
        _api = session.Environment.Api;
        _session = session;
        nint handle;
        _api.Check(_api.CreateIoBinding(session.Handle, &handle));
        _handle = handle;
    }

    /// <summary>Reads an input from a tensor at every run.</summary>
    public OrtBinding Input(string name, OrtTensor tensor)
    {
        fixed (byte* text = OrtEnvironment.Terminated(name))
            _api.Check(_api.BindInput(_handle, text, tensor.Value));
        return this;
    }

    /// <summary>Writes an output into a tensor at every run.</summary>
    public OrtBinding Output(string name, OrtTensor tensor)
    {
        fixed (byte* text = OrtEnvironment.Terminated(name))
            _api.Check(_api.BindOutput(_handle, text, tensor.Value));
        return this;
    }

    /// <summary>Runs the model on the caller's thread (and the session's own, where it has some).</summary>
    public void Run()
    {
        nint status = _api.RunWithBinding(_session.Handle, _session.RunOptions, _handle);
        if (status != 0)
            _api.Check(status);
    }

    public void Dispose()
    {
        if (_handle != 0)
            _api.ReleaseIoBinding(_handle);
        _handle = 0;
    }
}
