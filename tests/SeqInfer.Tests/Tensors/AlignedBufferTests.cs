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
}
