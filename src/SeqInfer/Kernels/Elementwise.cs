using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>The loops that apply unary and binary ops to rows.</summary>
/// <remarks>Strides count elements; the result may overwrite an operand in place.</remarks>
internal static unsafe class Elementwise
{
    /// <summary><c>y[i] = op(x[i])</c> for i below n.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Apply<V, TOp>(float* x, float* y, int n, TOp op)
        where V : unmanaged, ISimd<V>
        where TOp : struct, IUnaryOp =>
        Row<V, TOp>(x, y, n, op);

    /// <summary><c>y[r, c] = op(x[r, c])</c>.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void ApplyRows<V, TOp>(float* x, nint xStride, float* y, nint yStride, int rows, int columns, TOp op)
        where V : unmanaged, ISimd<V>
        where TOp : struct, IUnaryOp
    {
        // Rows without gaps are one row, with one rest
        if (xStride == columns && yStride == columns && (long)rows * columns <= int.MaxValue)
        {
            columns *= rows;
            rows = 1;
        }

        for (int r = 0; r < rows; r++) Row<V, TOp>(x + r * xStride, y + r * yStride, columns, op);
    }

    /// <summary><c>y[i] = op(a[i], b[i])</c> for i below n.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Binary<V, TOp>(float* a, float* b, float* y, int n, TOp op)
        where V : unmanaged, ISimd<V>
        where TOp : struct, IBinaryOp =>
        Row<V, TOp>(a, b, y, n, op);

    /// <summary><c>y[r, c] = op(a[r, c], b[r, c])</c>. A stride of 0 repeats one row, which is how a row is broadcast.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void BinaryRows<V, TOp>(
        float* a, nint aStride, float* b, nint bStride, float* y, nint yStride, int rows, int columns, TOp op)
        where V : unmanaged, ISimd<V>
        where TOp : struct, IBinaryOp
    {
        for (int r = 0; r < rows; r++) Row<V, TOp>(a + r * aStride, b + r * bStride, y + r * yStride, columns, op);
    }

    /// <summary><c>y[r, c] = op(a[aRows[r], c], b[bRows[r], c])</c>; the result lies apart from both operands.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void BinaryPairs<V, TOp>(
        float* a, nint aStride, int* aRows, float* b, nint bStride, int* bRows, float* y, nint yStride, int rows, int columns, TOp op)
        where V : unmanaged, ISimd<V>
        where TOp : struct, IBinaryOp
    {
        for (int r = 0; r < rows; r++) Row<V, TOp>(a + aRows[r] * aStride, b + bRows[r] * bStride, y + r * yStride, columns, op);
    }

    /// <summary><c>y[r, c] = op(a[r, c], b[r])</c>: one value of <paramref name="b"/> for each row.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void BinaryColumn<V, TOp>(float* a, nint aStride, float* b, float* y, nint yStride, int rows, int columns, TOp op)
        where V : unmanaged, ISimd<V>
        where TOp : struct, IBinaryOp
    {
        for (int r = 0; r < rows; r++)
        {
            float* from = a + r * aStride;
            float* to = y + r * yStride;
            V right = V.Broadcast(b + r);
            int c = 0;
            for (; c <= columns - V.Width; c += V.Width) op.Apply(V.Load(from + c), right).Store(to + c);
            if (c < columns) op.Apply(V.LoadPartial(from + c, columns - c), right).StorePartial(to + c, columns - c);
        }
    }

    /// <summary><c>y[r, c] = x[r, c] scale[c] + shift[c]</c>, rounded once: a batch normalisation folded at load.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void ScaleShiftRows<V>(
        float* x, nint xStride, float* scale, float* shift, float* y, nint yStride, int rows, int columns)
        where V : unmanaged, ISimd<V>
    {
        for (int r = 0; r < rows; r++)
        {
            float* from = x + r * xStride;
            float* to = y + r * yStride;
            int c = 0;
            for (; c <= columns - V.Width; c += V.Width) V.Fma(V.Load(from + c), V.Load(scale + c), V.Load(shift + c)).Store(to + c);
            int left = columns - c;
            if (left == 0) continue;
            V tail = V.Fma(V.LoadPartial(from + c, left), V.LoadPartial(scale + c, left), V.LoadPartial(shift + c, left));
            tail.StorePartial(to + c, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<V, TOp>(float* x, float* y, int n, TOp op)
        where V : unmanaged, ISimd<V>
        where TOp : struct, IUnaryOp
    {
        int i = 0;
        for (; i <= n - V.Width; i += V.Width) op.Apply(V.Load(x + i)).Store(y + i);
        if (i < n) op.Apply(V.LoadPartial(x + i, n - i)).StorePartial(y + i, n - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<V, TOp>(float* a, float* b, float* y, int n, TOp op)
        where V : unmanaged, ISimd<V>
        where TOp : struct, IBinaryOp
    {
        int i = 0;
        for (; i <= n - V.Width; i += V.Width) op.Apply(V.Load(a + i), V.Load(b + i)).Store(y + i);
        if (i < n) op.Apply(V.LoadPartial(a + i, n - i), V.LoadPartial(b + i, n - i)).StorePartial(y + i, n - i);
    }
}
