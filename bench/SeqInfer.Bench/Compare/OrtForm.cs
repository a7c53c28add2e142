using SeqInfer.Bench.Models;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Bench.Recording;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Compare;

/// <summary>A model in ONNX Runtime in the form that runs fastest there.</summary>
internal sealed class OrtForm : IDisposable
{
    private OrtForm(OrtSession session, RecordedModel model, OrtRun run, string name)
    {
        Session = session;
        Model = model;
        Run = run;
        Name = name;
    }

    /// <summary>The loaded model; may run on several threads.</summary>
    public OrtSession Session { get; }

    /// <summary>The graph.</summary>
    public RecordedModel Model { get; }

    /// <summary>Bound buffers, filled with the request.</summary>
    public OrtRun Run { get; }

    /// <summary>How linear layers are written.</summary>
    public string Name { get; }

    /// <summary>Records every form, checks that each loads and runs, and keeps the fastest.</summary>
    public static OrtForm Fastest(OrtEnvironment environment, BenchModel bench, Batch request, int threads)
    {
        List<OrtForm> forms = [];
        try
        {
            foreach (LinearForm linear in Enum.GetValues<LinearForm>())
            {
                RecordedModel model = bench.Record(request.Count, new RecordingOptions { Linear = linear });
                if (forms.Exists(other => other.Model.Bytes.AsSpan().SequenceEqual(model.Bytes)))
                    continue;
                OrtSession session = environment.CreateSession(model.Bytes, threads);
                forms.Add(new OrtForm(session, model, new OrtRun(session, model, request.Count), linear.ToString()));
                forms[^1].Run.Fill(request);
            }

            int best = 0;
            if (forms.Count > 1)
            {
                Timings[] times = Interleaved.Measure(Schedule.Calibration, [.. forms.Select(form => (Action)form.Run.Run)]);
                best = Array.IndexOf(times, times.MinBy(time => time.MedianMicroseconds));
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

    public void Dispose()
    {
        Run.Dispose();
        Session.Dispose();
    }
}
