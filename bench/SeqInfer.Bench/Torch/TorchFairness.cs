using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Results;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Torch;

/// <summary>Times of the same model in ONNX Runtime, as we record it and as PyTorch exports it.</summary>
/// <param name="Cell">Name of the model.</param>
/// <param name="Batch">Rows.</param>
/// <param name="Recorded">Our recording, in its fastest form.</param>
/// <param name="Form">Which form that is.</param>
/// <param name="Torch">torch.onnx.export.</param>
/// <param name="MaxAbsDiff">Between the outputs of both.</param>
internal sealed record FairnessResult(string Cell, int Batch, Timings Recorded, string Form, Timings Torch, double MaxAbsDiff)
{
    // Two sessions of one graph differ by as much, from where their memory lies.
    private const double LeastNoise = 0.05;

    // See ResultChange: less than one line in a hundred is flagged by chance.
    private const double Certainty = 3;

    /// <summary>True where the recording is slower by more than the noise of this run.</summary>
    public bool IsSlower => Ratio < 1 - Math.Max(LeastNoise, Certainty * ResultFile.NoiseOf(Torch.RoundMedians, Recorded.RoundMedians));

    /// <summary>Above 1 where the recording is faster.</summary>
    public double Ratio => Torch.MedianMicroseconds / Recorded.MedianMicroseconds;
}

/// <summary>Shows that recordings are no straw men.</summary>
internal static class TorchFairness
{
    /// <summary>Exports, compares outputs, measures.</summary>
    /// <exception cref="MismatchException">Both graphs compute different functions.</exception>
    public static FairnessResult Measure(OrtEnvironment ort, TorchExporter exporter, BenchModel bench, int batch, int threads, Schedule schedule)
    {
        using SequenceModel model = bench.Create();
        var request = new Batch(model.Signature);
        bench.Fill(request, batch, new Random(batch));
        using OrtForm recorded = OrtForm.Fastest(ort, bench, request, threads);
        byte[] exported = exporter.Export(bench, batch, recorded.Model.Inputs.Select(input => input.Name));
        using OrtSession session = ort.CreateSession(exported, threads);
        using var output = new OrtTensor(ort, session.Outputs[0].Element, session.Outputs[0].Shape);
        using OrtBinding binding = session.CreateBinding().Output(session.Outputs[0].Name, output);
        foreach (OrtSlot slot in session.Inputs)
            binding.Input(slot.Name, recorded.Run.Input(slot.Name));
        List<OrtTensor> others = [];
        foreach (OrtSlot slot in session.Outputs.Skip(1))
        {
            others.Add(new OrtTensor(ort, slot.Element, slot.Shape));
            binding.Output(slot.Name, others[^1]);
        }

        recorded.Run.Run();
        binding.Run();
        double difference = OutputComparison.MaxAbsDiff(
            $"{bench.Name}, batch {batch}, against PyTorch", recorded.Run.Output(bench.Output).Span<float>(), output.Span<float>());
        Timings[] times = Interleaved.Measure(schedule, recorded.Run.Run, binding.Run);
        others.ForEach(other => other.Dispose());
        return new FairnessResult(bench.Name, batch, times[0], recorded.Name, times[1], difference);
    }
}
