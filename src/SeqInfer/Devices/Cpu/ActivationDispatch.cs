using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;

namespace SeqInfer.Devices.Cpu;

/// <summary>Turns an <see cref="Activation"/> chosen at run time into the op that kernels are compiled for.</summary>
internal static class ActivationDispatch
{
    /// <summary>Calls the visitor with the activation's op.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Visit<TVisitor>(Activation activation, TVisitor visitor)
        where TVisitor : IActivationVisitor, allows ref struct
    {
        switch (activation.Kind)
        {
            case ActivationKind.None:
                visitor.Visit(default(Identity));
                break;
            case ActivationKind.Relu:
                visitor.Visit(default(Relu));
                break;
            case ActivationKind.Gelu:
                visitor.Visit(default(Gelu));
                break;
            case ActivationKind.GeluTanh:
                visitor.Visit(default(GeluTanh));
                break;
            case ActivationKind.Silu:
                visitor.Visit(default(Silu));
                break;
            case ActivationKind.Sigmoid:
                visitor.Visit(default(Sigmoid));
                break;
            case ActivationKind.Tanh:
                visitor.Visit(default(Tanh));
                break;
            case ActivationKind.LeakyRelu:
                visitor.Visit(new LeakyRelu(activation.Alpha));
                break;
            case ActivationKind.Elu:
                visitor.Visit(new Elu(activation.Alpha));
                break;
            case ActivationKind.SignedSqrt:
                visitor.Visit(default(SignedSqrt));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation.Kind, "Not an activation of the CPU kernels.");
        }
    }
}
