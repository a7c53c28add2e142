using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Kernels.Gemm;

/// <summary>A linear layer's weight and bias, packed for the kernel that suits its size.</summary>
internal sealed unsafe class PackedLinear<V, TStorage> : IDisposable
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    // Where the ends of tiles are a small part of the work, so that reading a value of x for two vectors at once pays.
    private const int MinWideDepth = 128;

    private readonly PackedRows<V, TStorage>? _rows;
    private readonly PackedMatrix<V, TStorage>? _panels;
    private readonly PackedMatrix<F256, TStorage>? _half;
    private readonly AlignedBuffer<float> _bias;

    /// <summary>Packs a layer.</summary>
    /// <param name="weight">[units, depth].</param>
    /// <param name="bias">[1, units], or null.</param>
    public PackedLinear(Parameter weight, Parameter? bias)
    {
        int units = weight.Rows;
        if (units <= DotProduct<V, TStorage>.MaxUnits)
        {
            _rows = new PackedRows<V, TStorage>(weight);
        }
        else
        {
            int whole = units - HalfUnits(units);
            int panelVectors = units > 2 * V.Width && weight.Columns >= MinWideDepth ? 2 : 1;
            if (whole > 0) _panels = new PackedMatrix<V, TStorage>(weight.SliceRows(0, whole), panelVectors: panelVectors);
            if (whole < units) _half = new PackedMatrix<F256, TStorage>(weight.SliceRows(whole, units - whole), panelVectors: 1);
        }

        _bias = new AlignedBuffer<float>(units + (2L * V.Width));
        bias?.CopyRow(0, new Span<float>(_bias.Pointer, units));
    }

    /// <summary>Bytes of weight and bias.</summary>
    public long ByteCount =>
        (_rows?.ByteCount ?? 0) + (_panels?.ByteCount ?? 0) + (_half?.ByteCount ?? 0) + _bias.ByteCount;

    /// <summary>y = activation(x W^T + bias) + residual.</summary>
    /// <param name="x">[rows, depth].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="output">The result without bias, apart from x.</param>
    /// <param name="op">The activation.</param>
    public void Run<TOp>(float* x, nint xStride, int rows, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        LinearOutput target = new(output.Y, output.YStride, _bias.Pointer, output.Residual, output.ResidualStride);
        if (_rows is not null)
        {
            DotProduct<V, TStorage>.Run(x, xStride, rows, _rows, in target, op);
            return;
        }

        if (_panels is not null)
            MatrixProduct<V, TStorage>.Run(x, xStride, rows, _panels, in target, op);
        if (_half is not null)
            MatrixProduct<F256, TStorage>.Run(x, xStride, rows, _half, target.At(0, _panels?.Units ?? 0), op);
    }

    public void Dispose()
    {
        _panels?.Dispose();
        _half?.Dispose();
        _rows?.Dispose();
        _bias.Dispose();
    }

    // Of vectors of sixteen lanes, the last units take half a one where that is enough.
    private static int HalfUnits(int units)
    {
        if (V.Width != 2 * F256.Width || !F256.IsSupported)
            return 0;
        int left = units % V.Width;
        return left <= F256.Width ? left : 0;
    }
}
