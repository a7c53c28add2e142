using SeqInfer.Bench.Limits;

namespace SeqInfer.Bench.Compare;

/// <summary>One line of the comparison.</summary>
/// <param name="Cell">Name of the cell.</param>
/// <param name="Batch">Rows of a request.</param>
/// <param name="Threads">Threads of each side.</param>
/// <param name="Weights">How our side stores weights; the other always has fp32.</param>
internal sealed record CellResult(string Cell, int Batch, int Threads, string Weights)
{
    /// <summary>What ONNX Runtime took.</summary>
    public required Timings Ort { get; init; }

    /// <summary>What SeqInfer took.</summary>
    public required Timings Ours { get; init; }

    /// <summary>The largest difference between the outputs.</summary>
    public required double MaxAbsDiff { get; init; }

    /// <summary>What a request costs at least.</summary>
    public required Work Work { get; init; }

    /// <summary>The machine with as many threads.</summary>
    public required MachineLimits Limits { get; init; }

    /// <summary>Which form of the model ONNX Runtime ran fastest.</summary>
    public required string OrtForm { get; init; }

    /// <summary>How many times faster SeqInfer is.</summary>
    public double Ratio => Ort.MedianMicroseconds / Ours.MedianMicroseconds;

    /// <summary>The shortest possible time in percent of the time taken.</summary>
    public double PercentOfLimit => 100 * Work.LimitSeconds(Limits) * 1e6 / Ours.MedianMicroseconds;

    /// <summary>What our side does a second, in the unit of what bounds it.</summary>
    public string Rate => Work.IsMemoryBound(Limits)
        ? $"{Work.Bytes / Ours.MedianMicroseconds / 1e3:F1} GB/s {Limits.LevelOf(Work.WeightBytes)}"
        : $"{Work.Flops / Ours.MedianMicroseconds / 1e3:F1} GFLOP/s";
}
