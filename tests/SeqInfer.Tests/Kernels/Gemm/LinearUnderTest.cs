using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Kernels.Gemm;

/// <summary>A packed layer of one instruction set behind methods that a test can call without naming the vector type.</summary>
internal abstract unsafe class LinearUnderTest : IDisposable
{
    /// <summary>Whether results are dot products with lanes over k instead of panels with lanes over columns.</summary>
    public abstract bool IsDotProduct { get; }

    /// <summary>Packs a layer; the test is skipped, visibly, where the process does not support the instruction set.</summary>
    public static LinearUnderTest Pack(Isa isa, Parameter weight, Parameter? bias) =>
        KernelsUnderTest.For(isa).Run<Factory, LinearUnderTest>(new Factory(weight, bias));

    public abstract void Run<TOp>(float* x, nint xStride, int rows, LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp;

    public abstract void Dispose();

    private readonly record struct Factory(Parameter Weight, Parameter? Bias) : IIsaVisitor<LinearUnderTest>
    {
        public LinearUnderTest Visit<V>()
            where V : unmanaged, ISimd<V> =>
            new Packed<V>(Weight, Bias);
    }

    private sealed class Packed<V>(Parameter weight, Parameter? bias) : LinearUnderTest
        where V : unmanaged, ISimd<V>
    {
        private readonly PackedLinear<V, Float32Storage> _packed = new(weight, bias);

        public override bool IsDotProduct { get; } = weight.Rows <= DotProduct<V, Float32Storage>.MaxUnits;

        public override void Run<TOp>(float* x, nint xStride, int rows, LinearOutput output, TOp op) =>
            _packed.Run(x, xStride, rows, in output, op);

        public override void Dispose() => _packed.Dispose();
    }
}
