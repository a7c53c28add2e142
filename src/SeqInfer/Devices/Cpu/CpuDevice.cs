using System.Globalization;
using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Devices.Cpu;

/// <summary>
/// The op set on the CPU: hand-written SIMD kernels in single precision, on the caller's thread and, where it was asked for, on others
/// that help it. One sealed subclass for each vector width; the JIT specialises the kernels for it.
/// </summary>
/// <remarks>
/// Results are the same bits whatever the number of threads: rows, output columns, sequences and items are shared out, sums never are.
/// Devices that ask for the same number of threads share one team of them, which helps one caller at a time; callers that come meanwhile
/// compute alone. A helper that has had nothing to do for some 50 microseconds blocks. The threads end when the last of those devices is
/// disposed; as background threads they keep no process alive.
/// </remarks>
public abstract class CpuDevice : Device
{
    internal const long CacheElements = 128 * 1024;

    private const string ThreadsArgument = "threads=";

    private protected CpuDevice(Isa isa, ThreadPlan threads)
    {
        Isa = isa;
        Plan = threads;
    }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <summary>Floats that take half of a second-level cache of 1 MB, for every thread that may work on them.</summary>
    public override long PreferredElements => CacheElements * Threads;

    /// <summary>The vector width its kernels are compiled for.</summary>
    public Isa Isa { get; }

    /// <summary>Threads that may work on one call, the caller's among them.</summary>
    public override int Threads => Plan.Threads;

    private protected ThreadPlan Plan { get; }

    /// <summary>Creates a device for the best instruction set of this machine, or the one that SEQINFER_ISA names.</summary>
    /// <exception cref="IsaException">SEQINFER_ISA is not one of the allowed values, or the machine lacks it.</exception>
    public static CpuDevice Create() => Create(IsaDetection.FromEnvironment());

    /// <summary>Creates a device for one instruction set.</summary>
    /// <param name="isa">The instruction set.</param>
    /// <param name="threads">
    /// Threads that may work on one call, the caller's among them; no more are used than the process has processors or its container allows.
    /// </param>
    /// <exception cref="IsaException">The machine lacks it.</exception>
    public static CpuDevice Create(Isa isa, int threads = 1) =>
        TryCreate(isa, threads) ?? throw new IsaException(IsaDetection.NameOf(isa), IsaDetection.Supported);

    /// <summary>Creates a device for one instruction set, or gives null where the machine lacks it.</summary>
    /// <param name="isa">The instruction set.</param>
    /// <param name="threads">
    /// Threads that may work on one call, the caller's among them; no more are used than the process has processors or its container allows.
    /// </param>
    public static CpuDevice? TryCreate(Isa isa, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return IsaDetection.IsSupported(isa) ? TryCreate(isa, ThreadPlan.Create(threads)) : null;
    }

    internal static CpuDevice? TryCreate(Isa isa, ThreadPlan threads) => IsaDispatch.TryCreate<Visitor, CpuDevice>(isa, new Visitor(isa, threads));

    /// <summary>Creates a device from what stands behind "cpu:" in a device string: an instruction set, "threads=2", or both with a comma.</summary>
    /// <exception cref="DeviceException">The number of threads is none.</exception>
    /// <exception cref="IsaException">The name is unknown, or the machine lacks the instruction set.</exception>
    internal static CpuDevice FromArguments(string? arguments)
    {
        string? isa = null;
        int? threads = null;
        foreach (string argument in arguments?.Split(',') ?? [])
        {
            bool isThreads = argument.StartsWith(ThreadsArgument, StringComparison.OrdinalIgnoreCase);
            if (isThreads && threads is null)
                threads = ParseThreads(arguments!, argument[ThreadsArgument.Length..]);
            else if (!isThreads && isa is null)
                isa = argument;
            else
                throw new DeviceException($"cpu:{arguments}", $"'{argument}' is one too many; expected an instruction set, threads=N, or both");
        }

        return Create(isa is null ? IsaDetection.FromEnvironment() : IsaDetection.Choose(isa), threads ?? 1);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            Plan.Dispose();
    }

    private static int ParseThreads(string arguments, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads > 0
            ? threads
            : throw new DeviceException($"cpu:{arguments}", $"'{value}' threads; expected a number from 1 on");

    private readonly struct Visitor(Isa isa, ThreadPlan threads) : IIsaVisitor<CpuDevice>
    {
        public CpuDevice Visit<V>()
            where V : unmanaged, ISimd<V> => new CpuDevice<V>(isa, threads);
    }
}
