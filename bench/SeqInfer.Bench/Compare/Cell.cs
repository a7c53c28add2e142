using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.OnnxRuntime;

namespace SeqInfer.Bench.Compare;

/// <summary>What a cell needs to be measured.</summary>
/// <param name="Ort">The other side.</param>
/// <param name="Device">Our device string.</param>
/// <param name="Schedule">How long.</param>
/// <param name="Limits">The machine, by number of threads.</param>
internal sealed record CellContext(OrtEnvironment Ort, string Device, Schedule Schedule, Func<int, MachineLimits> Limits)
{
    /// <summary>How our side stores weights: one of the cell's.</summary>
    public string Weights { get; init; } = WeightForms.Fp32;

    /// <summary>How our side runs with so many threads.</summary>
    public EngineSettings Engine(int threads) => new() { Device = Device, Weights = Weights, Threads = threads };
}

/// <summary>One row of the matrix: a model, or a kind of traffic, at several batch sizes.</summary>
internal abstract class Cell(string name, string description, params IReadOnlyList<int> batches)
{
    /// <summary>Short name.</summary>
    public string Name { get; } = name;

    /// <summary>What is run, in words.</summary>
    public string Description { get; } = description;

    /// <summary>The sensible batch sizes.</summary>
    public IReadOnlyList<int> Batches { get; } = batches;

    /// <summary>How our side may store weights; the other side always has fp32.</summary>
    public virtual IReadOnlyList<string> Weights => [WeightForms.Fp32];

    /// <summary>The model that answers dense requests as this cell's; null where a cell is about something else.</summary>
    public virtual BenchModel? Model => null;

    /// <summary>True where both sides answer the same requests with the same threads and precision; traffic does not count.</summary>
    public virtual bool IsLikeForLike => true;

    /// <summary>Compares the outputs, then measures both sides; with <see cref="Schedule.None"/> it compares them only.</summary>
    /// <exception cref="MismatchException">The outputs differ.</exception>
    public abstract CellResult Measure(CellContext context, int batch, int threads);
}
