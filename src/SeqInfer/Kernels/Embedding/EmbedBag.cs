using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Embedding;

/// <summary>Weighted sums of the table rows that ids name, row by row of the result: sparse rows times a dense matrix.</summary>
/// <remarks>
/// Lanes run over columns, in panels of four vectors that stay in registers while a bag's ids pass; ids are taken in their order. The rows
/// of ids to come are prefetched, because they lie anywhere. Ids must have been checked: each is -1, which adds nothing, or a row.
/// </remarks>
internal static unsafe class EmbedBag<V, TFormat, TElement>
    where V : unmanaged, ISimd<V>
    where TFormat : struct, IRowFormat<TElement>
    where TElement : unmanaged
{
    private const int Ahead = 8;
    private const int CacheLine = 64;

    /// <summary>Row s of y is the sum of the rows that ids[offsets[s]] .. ids[offsets[s + 1] - 1] name. Strides count elements.</summary>
    /// <param name="table">The first row.</param>
    /// <param name="tableStride">Distance of two rows.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="ids">All ids.</param>
    /// <param name="weights">One factor an id, or null.</param>
    /// <param name="offsets">Bags + 1 offsets.</param>
    /// <param name="bags">Number of rows of y.</param>
    /// <param name="y">[bags, columns].</param>
    /// <param name="yStride">Distance of two rows.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Sum(
        TElement* table, nint tableStride, int columns, int* ids, float* weights, int* offsets, int bags, float* y, nint yStride)
    {
        for (int bag = 0; bag < bags; bag++, y += yStride)
        {
            int* first = ids + offsets[bag];
            float* factors = weights == null ? null : weights + offsets[bag];
            int count = offsets[bag + 1] - offsets[bag];
            int c = 0;
            for (; c <= columns - (4 * V.Width); c += 4 * V.Width)
                FourVectors(table + c, tableStride, first, factors, count, y + c);
            for (; c < columns; c += V.Width)
                OneVector(table + c, tableStride, first, factors, count, Math.Min(V.Width, columns - c), y + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourVectors(TElement* table, nint stride, int* ids, float* weights, int count, float* y)
    {
        V a = V.Zero;
        V b = V.Zero;
        V c = V.Zero;
        V d = V.Zero;
        V weight = V.Broadcast(1);
        for (int i = 0; i < count; i++)
        {
            if (Sse.IsSupported && i + Ahead < count && ids[i + Ahead] >= 0)
            {
                byte* next = (byte*)(table + (ids[i + Ahead] * stride));
                for (int line = 0; line < 4 * V.Width * sizeof(TElement); line += CacheLine) Sse.Prefetch0(next + line);
            }

            if (ids[i] < 0) continue;
            TElement* row = table + (ids[i] * stride);
            if (weights != null) weight = V.Broadcast(weights + i);
            a = V.Fma(weight, TFormat.Load<V>(row), a);
            b = V.Fma(weight, TFormat.Load<V>(row + V.Width), b);
            c = V.Fma(weight, TFormat.Load<V>(row + (2 * V.Width)), c);
            d = V.Fma(weight, TFormat.Load<V>(row + (3 * V.Width)), d);
        }

        a.Store(y);
        b.Store(y + V.Width);
        c.Store(y + (2 * V.Width));
        d.Store(y + (3 * V.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneVector(TElement* table, nint stride, int* ids, float* weights, int count, int columns, float* y)
    {
        V a = V.Zero;
        V weight = V.Broadcast(1);
        for (int i = 0; i < count; i++)
        {
            if (ids[i] < 0) continue;
            if (weights != null) weight = V.Broadcast(weights + i);
            a = V.Fma(weight, TFormat.LoadPartial<V>(table + (ids[i] * stride), columns), a);
        }

        a.StorePartial(y, columns);
    }
}
