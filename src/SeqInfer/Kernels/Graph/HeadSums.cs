using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Graph;

/// <summary>The weighted sum of one node's neighbours, each head's columns with the head's own weights.</summary>
/// <remarks>
/// Lanes run over columns. Where a head fills whole vectors, four of them stay in registers while the edges pass, of whichever heads they
/// are; else each head's columns pass alone.
/// </remarks>
internal static unsafe class HeadSums<V>
    where V : unmanaged, ISimd<V>
{
    // As in AggregateKernel
    private const int Ahead = 8;

    /// <summary>y[h, c] = shares[h] * sum over edges of weights[e, h] x[neighbour, h, c].</summary>
    /// <param name="neighbours">One sender an edge.</param>
    /// <param name="degree">Number of edges.</param>
    /// <param name="readable">Entries of <paramref name="neighbours"/> that may be read: those of the next nodes too.</param>
    /// <param name="weights">[edges, heads].</param>
    /// <param name="shares">One a head.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="size">Columns of a head.</param>
    /// <param name="x">[senders, heads * size].</param>
    /// <param name="xStride">Floats from one row to the next.</param>
    /// <param name="y">[heads * size].</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Run(int* neighbours, int degree, int readable, float* weights, float* shares, int heads, int size, float* x, nint xStride, float* y)
    {
        int columns = heads * size;
        int c = 0;
        if (size % V.Width == 0)
        {
            for (; c <= columns - (4 * V.Width); c += 4 * V.Width)
                FourVectors(neighbours, degree, readable, weights, shares, heads, size, c, x + c, xStride, y + c);
            for (; c < columns; c += V.Width)
                OneVector(neighbours, degree, weights + (c / size), shares[c / size], heads, x + c, xStride, V.Width, y + c);
            return;
        }

        for (int head = 0; head < heads; head++, c += size)
        {
            for (int i = 0; i < size; i += V.Width)
                OneVector(neighbours, degree, weights + head, shares[head], heads, x + c + i, xStride, Math.Min(V.Width, size - i), y + c + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourVectors(
        int* neighbours, int degree, int readable, float* weights, float* shares, int heads, int size, int first, float* x, nint xStride, float* y)
    {
        int headA = first / size;
        int headB = (first + V.Width) / size;
        int headC = (first + (2 * V.Width)) / size;
        int headD = (first + (3 * V.Width)) / size;
        V a = V.Zero;
        V b = V.Zero;
        V c = V.Zero;
        V d = V.Zero;
        for (int e = 0; e < degree; e++, weights += heads)
        {
            if (Sse.IsSupported && e + Ahead < readable)
            {
                float* next = x + (neighbours[e + Ahead] * xStride);
                for (int line = 0; line < 4 * V.Width; line += 16) Sse.Prefetch0(next + line);
            }

            float* row = x + (neighbours[e] * xStride);
            a = V.Fma(V.Broadcast(weights + headA), V.Load(row), a);
            b = V.Fma(V.Broadcast(weights + headB), V.Load(row + V.Width), b);
            c = V.Fma(V.Broadcast(weights + headC), V.Load(row + (2 * V.Width)), c);
            d = V.Fma(V.Broadcast(weights + headD), V.Load(row + (3 * V.Width)), d);
        }

        (a * V.Broadcast(shares + headA)).Store(y);
        (b * V.Broadcast(shares + headB)).Store(y + V.Width);
        (c * V.Broadcast(shares + headC)).Store(y + (2 * V.Width));
        (d * V.Broadcast(shares + headD)).Store(y + (3 * V.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneVector(int* neighbours, int degree, float* weights, float share, int heads, float* x, nint xStride, int count, float* y)
    {
        V a = V.Zero;
        for (int e = 0; e < degree; e++, weights += heads)
            a = V.Fma(V.Broadcast(weights), V.LoadPartial(x + (neighbours[e] * xStride), count), a);
        (a * V.Broadcast(share)).StorePartial(y, count);
    }
}
