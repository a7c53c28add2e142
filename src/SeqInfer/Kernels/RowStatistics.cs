using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>Mean and scale of the rows of a block, on their way to a layer norm. Lives on the stack.</summary>
/// <remarks>Rows are reduced one by one, and the lanes of four joined together; a row's bits are the same in any block.</remarks>
internal readonly unsafe struct RowStatistics<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Floats of memory.</summary>
    public const int Length = (2 * MaxRows) + (MaxRows * MaxWidth) + MaxWidth;

    private const int MaxRows = 16;
    private const int MaxWidth = 16;
    private const int ShortRow = 256;
    private readonly float* _lanes;

    /// <summary>Statistics in memory of the caller's.</summary>
    public RowStatistics(float* memory)
    {
        // A vector that is stored across two cache lines is loaded late.
        Means = (float*)(((nuint)memory + (MaxWidth * sizeof(float)) - 1) & ~(nuint)((MaxWidth * sizeof(float)) - 1));
        Scales = Means + MaxRows;
        _lanes = Scales + MaxRows;
    }

    /// <summary>One mean a row.</summary>
    public float* Means { get; }

    /// <summary>One factor for x - mean a row.</summary>
    public float* Scales { get; }

    /// <summary>Rows of a block: at most 16 KB, as many as a vector takes where that is not too long.</summary>
    public static int BlockRows(int columns) => columns <= ShortRow ? MaxRows : 4;

    /// <summary>Means of rows.</summary>
    [MethodImpl(Kernel.Compiled)]
    public void TakeSums(float* x, nint stride, int rows, int columns)
    {
        for (int r = 0; r < rows; r++, x += stride)
            RowReduction.Lanes<V, Sum>(x, columns, default).Store(_lanes + (r * V.Width));
        Join(rows, Means);
        Divide(rows, columns);
    }

    /// <summary>Means of the rows of x + residual, which are left in sum.</summary>
    [MethodImpl(Kernel.Compiled)]
    public void TakeSums(
        float* x, nint xStride, float* residual, nint residualStride, float* sum, nint sumStride, int rows, int columns)
    {
        for (int r = 0; r < rows; r++, x += xStride, residual += residualStride, sum += sumStride)
            Add(x, residual, sum, columns).Store(_lanes + (r * V.Width));
        Join(rows, Means);
        Divide(rows, columns);
    }

    /// <summary>Scales of rows whose means are taken.</summary>
    [MethodImpl(Kernel.Compiled)]
    public void TakeScales(float* x, nint stride, int rows, int columns, in LayerNormParameters parameters)
    {
        for (int r = 0; r < rows; r++, x += stride)
            RowReduction.Lanes<V, SumOfSquares>(x, columns, new SumOfSquares(Means[r])).Store(_lanes + (r * V.Width));
        Join(rows, Scales);
        for (int r = 0; r < rows; r += V.Width)
            parameters.InverseScale(V.Load(Scales + r), columns).Store(Scales + r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add(float* x, float* residual, float* y, int n)
    {
        V even = V.Zero;
        V odd = V.Zero;
        int i = 0;
        for (; i <= n - 2 * V.Width; i += 2 * V.Width)
        {
            V first = V.Load(x + i) + V.Load(residual + i);
            V second = V.Load(x + i + V.Width) + V.Load(residual + i + V.Width);
            first.Store(y + i);
            second.Store(y + i + V.Width);
            even += first;
            odd += second;
        }

        for (; i < n; i += V.Width)
        {
            int count = Math.Min(V.Width, n - i);
            V last = V.LoadPartial(x + i, count) + V.LoadPartial(residual + i, count);
            last.StorePartial(y + i, count);
            even += last;
        }

        return even + odd;
    }

    [MethodImpl(Kernel.Compiled)]
    private void Join(int rows, float* sums)
    {
        float* lanes = _lanes;
        for (int r = 0; r < rows; r += 4, lanes += 4 * V.Width)
            V.SumFour(V.Load(lanes), V.Load(lanes + V.Width), V.Load(lanes + (2 * V.Width)), V.Load(lanes + (3 * V.Width)), sums + r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Divide(int rows, int columns)
    {
        V count = V.Broadcast((float)columns);
        for (int r = 0; r < rows; r += V.Width) (V.Load(Means + r) / count).Store(Means + r);
    }
}
