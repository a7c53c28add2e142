using SeqInfer.Bench.Compare;

namespace SeqInfer.Bench.Gpu;

/// <summary>How a check went.</summary>
/// <param name="Part">Which part of the run.</param>
/// <param name="Device">On which device.</param>
/// <param name="Name">The operation, the case, or what was tried.</param>
/// <param name="Share">The largest error in parts of what is allowed; NaN where nothing is measured.</param>
/// <param name="Problem">What is wrong; null where it passed.</param>
/// <param name="Detail">What it saw, where that says more.</param>
internal sealed record CheckResult(string Part, string Device, string Name, double Share, string? Problem, string? Detail = null);

/// <summary>What one operation takes, alone.</summary>
/// <param name="Device">On which device.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Microseconds">Median time of one of many in a queue.</param>
/// <param name="Flops">Floating point operations; a multiply-add counts two.</param>
/// <param name="Bytes">Bytes of operands and results, each counted once.</param>
/// <param name="LimitMicroseconds">The shortest time that the device allows; NaN where no limits were measured.</param>
internal sealed record KernelTime(
    string Device, string Operation, string Shape, double Microseconds, double Flops, double Bytes, double LimitMicroseconds);

/// <summary>What one cell takes on one device.</summary>
/// <param name="Cell">The model.</param>
/// <param name="Batch">Rows of a request.</param>
/// <param name="Device">The device, "cpu x 1" for our CPU with one thread.</param>
/// <param name="Request">
/// A request that is not the one before it: sent to the device, computed, its outputs on the host.
/// </param>
internal sealed record CellTime(string Cell, int Batch, string Device, Timings Request)
{
    /// <summary>A forward pass whose inputs and outputs stay on the device, and waiting for it; null on our CPU.</summary>
    public Timings? Pass { get; init; }

    /// <summary>A forward pass of many in a queue, in microseconds; NaN on our CPU.</summary>
    public double StreamMicroseconds { get; init; } = double.NaN;

    /// <summary>Kernels that one forward pass starts.</summary>
    public long Launches { get; init; }

    /// <summary>The share of a request that sending inputs, fetching outputs and checking the request take.</summary>
    public double TransferShare { get; init; } = double.NaN;

    /// <summary>The share of a pass that the host takes to start its kernels.</summary>
    public double LaunchShare { get; init; } = double.NaN;

    /// <summary>Floating point operations of a pass.</summary>
    public double Flops { get; init; }

    /// <summary>Bytes of weights and graphs that a pass touches.</summary>
    public double WeightBytes { get; init; }

    /// <summary>The shortest time that the device allows, in microseconds.</summary>
    public double LimitMicroseconds { get; init; } = double.NaN;

    /// <summary>Largest difference from our CPU's outputs.</summary>
    public double MaxAbsDiff { get; init; } = double.NaN;
}

/// <summary>Everything that a run has found so far.</summary>
internal sealed record GpuRun(MachineInfo Machine, DateTime Started, GpuOptions Options)
{
    /// <summary>The devices.</summary>
    public List<DeviceFacts> Devices { get; } = [];

    /// <summary>Those whose times say something: the simulator is timed where it was asked for by name.</summary>
    public IEnumerable<DeviceFacts> TimedDevices => Devices.Where(device => device.Kind != "cpu" || Options.Devices.Contains(device.Name));

    /// <summary>What each can do, by its string.</summary>
    public Dictionary<string, DeviceLimits> Limits { get; } = [];

    /// <summary>The checks.</summary>
    public List<CheckResult> Checks { get; } = [];

    /// <summary>The operations.</summary>
    public List<KernelTime> Kernels { get; } = [];

    /// <summary>The cells.</summary>
    public List<CellTime> Cells { get; } = [];

    /// <summary>What was left out, and why.</summary>
    public List<MissingCell> LeftOut { get; } = [];

    /// <summary>True where all checks passed.</summary>
    public bool Passed => Checks.All(check => check.Problem is null);
}
