using SeqInfer.Kernels.Ops;

namespace SeqInfer.Devices.Cpu;

/// <summary>Something to do with an activation as the type that kernels are compiled for.</summary>
internal interface IActivationVisitor
{
    /// <summary>Does it.</summary>
    void Visit<TOp>(TOp op)
        where TOp : struct, IUnaryOp;
}
