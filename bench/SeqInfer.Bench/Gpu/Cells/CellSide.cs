using System.Diagnostics;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Models;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Gpu.Cells;

/// <summary>One device's answers to requests of one size: two requests that differ take turns, so that each one's ids have to be sent.</summary>
internal sealed class CellSide : IDisposable
{
    private readonly SequenceModel _model;
    private readonly OurRun _run;
    private readonly Batch[] _requests;
    private int _next;

    /// <summary>Loads the model, runs each request once and takes the time of a third call.</summary>
    /// <param name="name">The name in reports.</param>
    /// <param name="bench">The model.</param>
    /// <param name="engine">Where it runs.</param>
    /// <param name="batch">Rows of a request.</param>
    /// <exception cref="Devices.DeviceException">It does not fit the device.</exception>
    public CellSide(string name, BenchModel bench, EngineSettings engine, int batch)
    {
        Name = name;
        Device = engine.Device;
        _model = bench.Create(engine);
        try
        {
            _requests = [.. Enumerable.Range(0, 2).Select(seed => Request(bench, _model, batch, seed))];
            _run = new OurRun(_model, bench.Limits(_model.Signature, batch), bench.Output, _requests[1]);
            Run();
            Values = _run.Values.ToArray();
            long start = Stopwatch.GetTimestamp();
            Run();
            CallTime = Stopwatch.GetElapsedTime(start);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The name in reports.</summary>
    public string Name { get; }

    /// <summary>Its device string.</summary>
    public string Device { get; }

    /// <summary>What the first request's output is.</summary>
    public float[] Values { get; }

    /// <summary>What one call took.</summary>
    public TimeSpan CallTime { get; }

    /// <summary>Writes the first of the requests.</summary>
    public static void Fill(BenchModel bench, Batch request, int batch) => Fill(bench, request, batch, 0);

    /// <summary>Answers the next request.</summary>
    public void Run() => _run.Run(_requests[_next++ & 1]);

    public void Dispose()
    {
        _run?.Dispose();
        _model.Dispose();
    }

    private static Batch Request(BenchModel bench, SequenceModel model, int batch, int seed)
    {
        Batch request = model.CreateBatch();
        Fill(bench, request, batch, seed);
        return request;
    }

    private static void Fill(BenchModel bench, Batch request, int batch, int seed) => bench.Fill(request, batch, new Random(batch + seed));
}
