using SeqInfer.Bench.Models;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Bench.Recording;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Compare;

/// <summary>A model in ONNX Runtime in one of its forms.</summary>
internal sealed class OrtForm : IDisposable
{
    private OrtForm(OrtEnvironment environment, RecordedModel model, Batch request, int threads, string name)
    {
        Model = model;
        Name = name;
        Session = environment.CreateSession(model.Bytes, threads);
        try
        {
            Run = new OrtRun(Session, model, RowsOf(request));
            Run.Fill(request);
        }
        catch
        {
            Run?.Dispose();
            Session.Dispose();
            throw;
        }
    }

    /// <summary>The loaded model; may run on several threads.</summary>
    public OrtSession Session { get; }

    /// <summary>The graph.</summary>
    public RecordedModel Model { get; }

    /// <summary>Bound buffers, filled with the request.</summary>
    public OrtRun Run { get; }

    /// <summary>What is special about the form.</summary>
    public string Name { get; }

    /// <summary>Records every form, checks that each loads and runs, and keeps the fastest.</summary>
    public static OrtForm Fastest(OrtEnvironment environment, BenchModel bench, Batch request, int threads)
    {
        List<OrtForm> forms = [];
        try
        {
            foreach ((RecordedModel model, string name) in Distinct(bench, request))
                forms.Add(new OrtForm(environment, model, request, threads, name));
            int best = 0;
            if (forms.Count > 1)
            {
                Timings[] times = Interleaved.Measure(Schedule.Calibration, [.. forms.Select(form => (Action)form.Run.Run)]);

                // The best turn of each: what disturbs the machine for a while must not decide between forms that are nearly equal.
                best = Array.IndexOf(times, times.MinBy(time => time.RoundMedians.Min()));
            }

            OrtForm fastest = forms[best];
            forms.RemoveAt(best);
            return fastest;
        }
        finally
        {
            forms.ForEach(form => form.Dispose());
        }
    }

    /// <summary>Uses every form, one after the other, and returns their names.</summary>
    public static IReadOnlyList<string> Each(OrtEnvironment environment, BenchModel bench, Batch request, int threads, Action<OrtForm> use)
    {
        List<string> names = [];
        foreach ((RecordedModel model, string name) in Distinct(bench, request))
        {
            using var form = new OrtForm(environment, model, request, threads, name);
            use(form);
            names.Add(name);
        }

        return names;
    }

    public void Dispose()
    {
        Run.Dispose();
        Session.Dispose();
    }

    // A form that changes nothing about a model gives the same bytes.
    private static IEnumerable<(RecordedModel Model, string Name)> Distinct(BenchModel bench, Batch request)
    {
        List<byte[]> known = [];
        foreach (RecordingOptions options in bench.Forms)
        {
            RecordedModel model = bench.Record(RowsOf(request), options);
            if (known.Exists(bytes => bytes.AsSpan().SequenceEqual(model.Bytes)))
                continue;
            known.Add(model.Bytes);
            yield return (model, options.Name);
        }
    }

    // A model without inputs has one row: itself.
    private static int RowsOf(Batch request) => Math.Max(1, request.Count);
}
