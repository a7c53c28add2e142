using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

/// <summary>
/// The op set on the CPU: hand-written SIMD kernels in single precision, on the caller's thread.
/// One sealed subclass for each vector width; the JIT specialises the kernels for it.
/// </summary>
public abstract class CpuDevice : Device
{
    private protected CpuDevice(Isa isa) => Isa = isa;

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <summary>The vector width its kernels are compiled for.</summary>
    public Isa Isa { get; }

    /// <summary>Creates a device for the best instruction set of this machine, or the one that SEQINFER_ISA names.</summary>
    /// <exception cref="IsaException">SEQINFER_ISA is not one of the allowed values, or the machine lacks it.</exception>
    public static CpuDevice Create() => Create(IsaDetection.FromEnvironment());

    /// <summary>Creates a device for one instruction set.</summary>
    /// <exception cref="IsaException">The machine lacks it.</exception>
    public static CpuDevice Create(Isa isa) => TryCreate(isa) ?? throw new IsaException(IsaDetection.NameOf(isa), IsaDetection.Supported);

    /// <summary>Creates a device for one instruction set, or gives null where the machine lacks it.</summary>
    public static CpuDevice? TryCreate(Isa isa) => IsaDispatch.TryCreate<Visitor, CpuDevice>(isa, default);

    private readonly struct Visitor : IIsaVisitor<CpuDevice>
    {
        public CpuDevice Visit<V>()
            where V : unmanaged, ISimd<V> => new CpuDevice<V>();
    }
}
