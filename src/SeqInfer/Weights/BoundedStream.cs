namespace SeqInfer.Weights;

/// <summary>Passes writes on, counts them, and never lets more through than its length; the inner stream stays open.</summary>
internal sealed class BoundedStream(Stream inner, long length) : Stream
{
    /// <summary>Bytes offered so far; beyond the length they were not written.</summary>
    public long Written { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => Written;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        long room = Math.Max(0, length - Written);
        inner.Write(buffer[..(int)Math.Min(room, buffer.Length)]);
        Written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
