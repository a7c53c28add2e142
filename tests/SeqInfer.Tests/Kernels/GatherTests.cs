using SeqInfer.Kernels.Embedding;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>Embedding lookup from every storage format.</summary>
public sealed unsafe class GatherTests
{
    private const int TableRows = 7;
    private const float Scale = 8f;

    private static readonly int[] Ids = [6, 0, -1, 3, 3, -1, 5];
    private static readonly int[] SecondIds = [0, -1, 1, 2, 6, -1, 4];

    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Fp32_rows_are_copied_scaled_and_added(Isa isa) =>
        Check<F32Rows, float>(KernelsUnderTest.For(isa), value => value, value => value);

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Bfloat16_rows_are_copied_scaled_and_added(Isa isa) => Check<Bf16Rows, ushort>(
        KernelsUnderTest.For(isa), value => (ushort)(BitConverter.SingleToInt32Bits(value) >> 16),
        value => BitConverter.Int32BitsToSingle(value << 16));

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Half_rows_are_copied_scaled_and_added(Isa isa) =>
        Check<F16Rows, Half>(KernelsUnderTest.For(isa), value => (Half)value, value => (float)value);

    private static void Check<TFormat, TElement>(KernelsUnderTest kernels, Func<float, TElement> narrow, Func<TElement, float> widen)
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
    {
        foreach (int columns in Samples.Lengths)
        {
            TElement[] values = [.. Samples.Normal(TableRows * columns, seed: columns).Select(narrow)];
            using GuardedMemory<TElement> table = GuardedMemory<TElement>.Of(values, atEnd: columns % 2 == 0);
            using GuardedMemory<float> y = GuardedMemory<float>.AtEnd(Ids.Length * columns);
            float Row(int id, int column) => id < 0 ? 0 : widen(values[id * columns + column]);

            fixed (int* ids = Ids, secondIds = SecondIds)
            {
                y.Span.Fill(5f);
                kernels.Gather<TFormat, TElement>(table.Pointer, columns, ids, Ids.Length, columns, Scale, y.Pointer, columns);
                Tolerance.Exact.Check(Expected((i, c) => Scale * Row(Ids[i], c)), y.Span, $"gather, {columns} columns");
                kernels.GatherAdd<TFormat, TElement>(table.Pointer, columns, secondIds, Ids.Length, columns, y.Pointer, columns);
                float[] both = Expected((i, c) => Scale * Row(Ids[i], c) + Row(SecondIds[i], c));
                Tolerance.Exact.Check(both, y.Span, $"gather and add, {columns} columns");
                y.Span.Fill(5f);
                kernels.GatherTwo<TFormat, TElement>(
                    table.Pointer, columns, ids, Scale, table.Pointer, columns, secondIds, Ids.Length, columns, y.Pointer, columns);
                Tolerance.Exact.Check(both, y.Span, $"gather from two tables, {columns} columns");
                y.AssertNothingElseWritten();
            }

            float[] Expected(Func<int, int, float> element) =>
                [.. Enumerable.Range(0, Ids.Length * columns).Select(i => element(i / columns, i % columns))];
        }
    }
}
