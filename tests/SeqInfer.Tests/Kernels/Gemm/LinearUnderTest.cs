using SeqInfer.Devices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Kernels.Gemm;

/// <summary>A packed layer of one instruction set and storage behind methods that a test can call without naming the types.</summary>
internal abstract unsafe class LinearUnderTest : IDisposable
{
    /// <summary>Whether results are dot products with lanes over k instead of panels with lanes over columns.</summary>
    public abstract bool IsDotProduct { get; }

    /// <summary>Whether <see cref="RunSmall"/> serves the layer.</summary>
    public abstract bool HasSmallProduct { get; }

    /// <summary>Panels that may be computed apart from each other.</summary>
    public abstract int PanelCount { get; }

    /// <summary>Packs a layer; the test is skipped, visibly, where the process does not support the instruction set.</summary>
    public static LinearUnderTest Pack(Isa isa, WeightStorage storage, Parameter weight, Parameter? bias) =>
        KernelsUnderTest.For(isa).Run<Factory, LinearUnderTest>(new Factory(storage, weight, bias));

    public abstract void Run<TOp>(float* x, nint xStride, int rows, LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp;

    /// <summary>The columns of some panels.</summary>
    public abstract void RunPanels<TOp>(float* x, nint xStride, int rows, int firstPanel, int panelCount, LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp;

    /// <summary>max(floor, product) without a residual.</summary>
    public abstract void RunSmall(float* x, nint xStride, int rows, float* y, nint yStride, float floor);

    public abstract void Dispose();

    private readonly record struct Factory(WeightStorage Storage, Parameter Weight, Parameter? Bias) : IIsaVisitor<LinearUnderTest>
    {
        public LinearUnderTest Visit<V>()
            where V : unmanaged, ISimd<V> => Storage switch
            {
                WeightStorage.BFloat16 => new Packed<V, BFloat16Storage>(Weight, Bias),
                WeightStorage.Int8 => new Packed<V, Int8Storage>(Weight, Bias),
                _ => new Packed<V, Float32Storage>(Weight, Bias),
            };
    }

    private sealed class Packed<V, TStorage>(Parameter weight, Parameter? bias) : LinearUnderTest
        where V : unmanaged, ISimd<V>
        where TStorage : struct, IWeightStorage
    {
        // Of one size for all calls: a call must not allocate.
        private readonly GuardedMemory<float> _scratch =
            GuardedMemory<float>.AtEnd((int)PackedLinear<V, TStorage>.ScratchLength(int.MaxValue, weight.Columns));

        private readonly PackedLinear<V, TStorage> _packed = new(weight, bias);

        public override bool IsDotProduct { get; } = weight.Rows <= DotProduct<V, TStorage>.MaxUnits;

        public override bool HasSmallProduct => _packed.HasSmallProduct;

        public override int PanelCount => _packed.PanelCount;

        public override void Run<TOp>(float* x, nint xStride, int rows, LinearOutput output, TOp op)
        {
            _packed.Run(x, xStride, rows, in output, Scratch(rows), op);
            _scratch.AssertNothingElseWritten();
        }

        public override void RunPanels<TOp>(float* x, nint xStride, int rows, int firstPanel, int panelCount, LinearOutput output, TOp op)
        {
            _packed.RunPanels(x, xStride, rows, firstPanel, panelCount, in output, Scratch(rows), op);
            _scratch.AssertNothingElseWritten();
        }

        public override void RunSmall(float* x, nint xStride, int rows, float* y, nint yStride, float floor) =>
            _packed.RunSmall(x, xStride, rows, y, yStride, floor);

        public override void Dispose()
        {
            _packed.Dispose();
            _scratch.Dispose();
        }

        private float* Scratch(int rows) => _scratch.Pointer + (_scratch.Count - PackedLinear<V, TStorage>.ScratchLength(rows, _packed.Depth));
    }
}
