using System.Globalization;
using SeqInfer.Tensors;

namespace SeqInfer.Tests.Tensors;

/// <summary>Native memory.</summary>
public sealed unsafe class AlignedBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Memory_is_aligned_and_zero(int count)
    {
        using AlignedBuffer<float> buffer = new(count);
        Assert.Equal(0u, (nuint)buffer.Pointer % AlignedBuffer<float>.Alignment);
        Assert.Equal(count, buffer.Count);
        Assert.Equal(4 * count, buffer.ByteCount);
        Assert.Equal(new float[count], buffer.Span.ToArray());
        buffer.Span.Fill(1);
    }

    [SkippableFact]
    public void Large_memory_asks_for_huge_pages()
    {
        Skip.IfNot(Directory.Exists("/sys/kernel/mm/transparent_hugepage"), "This system has no transparent huge pages.");
        using AlignedBuffer<byte> large = new((3 * HugePages.Size) + 1);
        Assert.Equal(0u, (nuint)large.Pointer % HugePages.Size);
        Assert.True(HasAdvice((nuint)large.Pointer));
        Assert.Equal(3 * HugePages.Size, large.Span.LastIndexOf((byte)0));
    }

    [Fact]
    public void After_disposal_there_is_no_pointer()
    {
        AlignedBuffer<double> buffer = new(4);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => (nint)buffer.Pointer);
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }

    [Fact]
    public void Sizes_that_cannot_be()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer<float>(-1));
        Assert.Throws<OverflowException>(() => new AlignedBuffer<double>(long.MaxValue));
        Assert.Throws<OutOfMemoryException>(() => new AlignedBuffer<double>(1L << 58));
    }

    // smaps: a line "first-end ..." for each mapping, then its fields; the flag "hg" says that huge pages were asked for.
    private static bool HasAdvice(nuint address)
    {
        bool isHere = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] bounds = line.Split(' ', 2)[0].Split('-');
            if (bounds.Length == 2 && nuint.TryParse(bounds[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out nuint first))
                isHere = address >= first && address < nuint.Parse(bounds[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            else if (isHere && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                return line.Split(' ').Contains("hg");
        }

        return false;
    }
}
