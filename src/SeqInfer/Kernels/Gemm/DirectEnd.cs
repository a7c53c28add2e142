using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>The end of tiles in registers: a cheap activation, then the residual. A lone vector may have fewer columns than lanes.</summary>
/// <remarks>Kept short: the JIT inlines it once for every row and gives up beyond a budget.</remarks>
internal readonly unsafe struct DirectEnd<V, TOp, TResidual> : ITileEnd<V>
    where V : unmanaged, ISimd<V>
    where TOp : struct, IUnaryOp
    where TResidual : struct, ICount
{
    private readonly float* _y;
    private readonly nint _yStride;
    private readonly float* _bias;
    private readonly float* _residual;
    private readonly nint _residualStride;
    private readonly int _columns;
    private readonly TOp _op;

    /// <summary>The end of all tiles of one panel.</summary>
    /// <param name="output">The result from the first tile's first element on, with a bias, and with a residual if that type parameter is 1.</param>
    /// <param name="columns">Columns of the result that the panel has.</param>
    /// <param name="op">The activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DirectEnd(in LinearOutput output, int columns, TOp op)
        : this(output.Y, output.YStride, output.Bias, columns, op)
    {
        _residual = output.Residual;
        _residualStride = output.ResidualStride;
    }

    /// <summary>The end of all tiles of one panel without a residual.</summary>
    /// <param name="y">The first tile's first element.</param>
    /// <param name="yStride">Floats from one row of the result to the next.</param>
    /// <param name="bias">One value a column of the panel.</param>
    /// <param name="columns">Columns of the result that the panel has.</param>
    /// <param name="op">The activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DirectEnd(float* y, nint yStride, float* bias, int columns, TOp op)
    {
        _y = y;
        _yStride = yStride;
        _bias = bias;
        _columns = columns;
        _op = op;
    }

    public static bool ReadsAhead => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadAhead Ahead(int first) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Bias(int vector) => V.Load(_bias + (vector * V.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum)
    {
        float* y = _y + ((first + row) * _yStride);
        float* residual = _residual + ((first + row) * _residualStride);
        sum = _op.Apply(sum);
        if (_columns == V.Width)
        {
            if (TResidual.Value == 1) sum += V.Load(residual);
            sum.Store(y);
        }
        else
        {
            if (TResidual.Value == 1) sum += V.LoadPartial(residual, _columns);
            sum.StorePartial(y, _columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum0, V sum1)
    {
        float* y = _y + ((first + row) * _yStride);
        float* residual = _residual + ((first + row) * _residualStride);
        sum0 = _op.Apply(sum0);
        sum1 = _op.Apply(sum1);
        if (TResidual.Value == 1) sum0 += V.Load(residual);
        if (TResidual.Value == 1) sum1 += V.Load(residual + V.Width);
        sum0.Store(y);
        sum1.Store(y + V.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(int first, int rows)
    {
    }
}
