using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>Rows that become lanes: every number of rows that are present, columns of every rest, strides, nothing read or written beside them.</summary>
public sealed unsafe class TransposeTests
{
    private const int Gap = 3;

    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Rows_become_lanes_and_absent_ones_zeros(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        int width = kernels.Width;
        for (int count = 0; count <= width; count++)
        {
            for (int columns = 0; columns <= 21; columns++)
            {
                int stride = columns + (count % 2 == 0 ? 0 : Gap);
                int targetStride = width + (columns % 2 == 0 ? 0 : Gap);
                using GuardedMemory<float> rows = Rows(count, stride, columns);
                using GuardedMemory<float> target = Target(targetStride, width, columns);
                kernels.Transpose(rows.Pointer, stride, count, columns, target.Pointer, targetStride);
                Check(rows, stride, count, width, columns, target, targetStride);
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Rows_may_stand_anywhere_and_coincide(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        int width = kernels.Width;
        float** places = stackalloc float*[width];
        for (int columns = 0; columns <= 37; columns++)
        {
            int stride = columns + Gap;
            using GuardedMemory<float> rows = Rows(width, stride, columns);
            using GuardedMemory<float> target = Target(width, width, columns);
            for (int r = 0; r < width; r++)
                places[r] = rows.Pointer + (r * 5 % width / 2 * stride);
            kernels.Transpose(places, columns, target.Pointer, width);
            for (int c = 0; c < columns; c++)
            {
                for (int r = 0; r < width; r++)
                    Assert.Equal(places[r][c], target.Pointer[(c * width) + r]);
            }

            target.AssertNothingElseWritten();
        }
    }

    // The last row ends where a page does that cannot be read.
    private static GuardedMemory<float> Rows(int count, int stride, int columns)
    {
        var rows = GuardedMemory<float>.AtEnd(count == 0 ? 0 : ((count - 1) * stride) + columns);
        for (int i = 0; i < rows.Count; i++)
            rows.Span[i] = i + 1;
        return rows;
    }

    private static GuardedMemory<float> Target(int stride, int width, int columns)
    {
        var target = GuardedMemory<float>.AtEnd(columns == 0 ? 0 : ((columns - 1) * stride) + width);
        target.Span.Fill(float.NaN);
        return target;
    }

    private static void Check(
        GuardedMemory<float> rows, int stride, int count, int width, int columns, GuardedMemory<float> target, int targetStride)
    {
        for (int i = 0; i < target.Count; i++)
        {
            (int column, int row) = Math.DivRem(i, targetStride);
            float expected = row >= width ? float.NaN : row < count ? rows.Span[(row * stride) + column] : 0;
            Assert.True(expected.Equals(target.Span[i]), $"{count} rows of {columns}: row {row}, column {column} is {target.Span[i]}, expected {expected}");
        }

        target.AssertNothingElseWritten();
    }
}
