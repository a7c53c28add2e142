using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Embedding;

/// <summary>Embedding lookup: copies the rows that ids name, widened to fp32.</summary>
/// <remarks>
/// An id of -1 is padding and stands for a row of zeros. Ids must have been checked: each is -1 or a row of its table. Strides count
/// elements; tables may lie unaligned in a memory-mapped file.
/// </remarks>
internal static unsafe class GatherRows
{
    // Rows of a large table come from memory; asking for them this many rows early hides most of the wait
    private const int Ahead = 8;
    private const int CacheLine = 64;

    /// <summary><c>y[i] = scale table[ids[i]]</c>.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Apply<V, TFormat, TElement>(
        TElement* table, nint tableStride, int* ids, int count, int columns, float scale, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
    {
        V factor = V.Broadcast(scale);
        for (int i = 0; i < count; i++)
        {
            float* to = y + i * yStride;
            Prefetch(table, tableStride, ids, i + Ahead, count, columns);
            if (ids[i] < 0)
            {
                new Span<float>(to, columns).Clear();
                continue;
            }

            TElement* from = table + ids[i] * tableStride;
            int c = 0;
            for (; c <= columns - V.Width; c += V.Width) (TFormat.Load<V>(from + c) * factor).Store(to + c);
            if (c < columns) (TFormat.LoadPartial<V>(from + c, columns - c) * factor).StorePartial(to + c, columns - c);
        }
    }

    /// <summary><c>y[i] += table[ids[i]]</c>.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Add<V, TFormat, TElement>(
        TElement* table, nint tableStride, int* ids, int count, int columns, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
    {
        for (int i = 0; i < count; i++)
        {
            Prefetch(table, tableStride, ids, i + Ahead, count, columns);
            if (ids[i] < 0) continue;
            TElement* from = table + ids[i] * tableStride;
            float* to = y + i * yStride;
            int c = 0;
            for (; c <= columns - V.Width; c += V.Width) (V.Load(to + c) + TFormat.Load<V>(from + c)).Store(to + c);
            int left = columns - c;
            if (left > 0) (V.LoadPartial(to + c, left) + TFormat.LoadPartial<V>(from + c, left)).StorePartial(to + c, left);
        }
    }

    /// <summary>
    /// <c>y[i] = scale table[ids[i]] + second[secondIds[i]]</c>, the product rounded before the sum so that the result equals
    /// <see cref="Apply"/> followed by <see cref="Add"/>. Both tables have the same format: items and positions, say.
    /// </summary>
    [MethodImpl(Kernel.Compiled)]
    public static void ApplyTwo<V, TFormat, TElement>(
        TElement* table, nint tableStride, int* ids, float scale, TElement* second, nint secondStride, int* secondIds,
        int count, int columns, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
    {
        V factor = V.Broadcast(scale);
        for (int i = 0; i < count; i++)
        {
            int id = ids[i];
            int secondId = secondIds[i];
            Prefetch(table, tableStride, ids, i + Ahead, count, columns);
            float* to = y + i * yStride;
            if (id < 0 || secondId < 0)
            {
                Apply<V, TFormat, TElement>(table, tableStride, ids + i, 1, columns, scale, to, yStride);
                Add<V, TFormat, TElement>(second, secondStride, secondIds + i, 1, columns, to, yStride);
                continue;
            }

            TElement* a = table + id * tableStride;
            TElement* b = second + secondId * secondStride;
            int c = 0;
            for (; c <= columns - V.Width; c += V.Width)
            {
                (TFormat.Load<V>(a + c) * factor + TFormat.Load<V>(b + c)).Store(to + c);
            }

            int left = columns - c;
            if (left > 0)
            {
                V sum = TFormat.LoadPartial<V>(a + c, left) * factor + TFormat.LoadPartial<V>(b + c, left);
                sum.StorePartial(to + c, left);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<TElement>(TElement* table, nint tableStride, int* ids, int i, int count, int columns)
        where TElement : unmanaged
    {
        if (!Sse.IsSupported || i >= count || ids[i] < 0) return;
        byte* row = (byte*)(table + ids[i] * tableStride);
        int bytes = columns * sizeof(TElement);
        for (int b = 0; b < bytes; b += CacheLine) Sse.Prefetch0(row + b);
    }
}
