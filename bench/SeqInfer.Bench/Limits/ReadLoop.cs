using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Limits;

/// <summary>Reads a buffer from its first to its last byte, again and again, with nothing to do but combine what was read.</summary>
internal sealed unsafe class ReadLoop<V> : ISpinLoop
    where V : unmanaged, ISimd<V>
{
    private const int Streams = 8;

    private readonly AlignedBuffer<float> _buffer;
    private readonly int _count;
    private readonly int _repeats;

    /// <summary>Makes a buffer of about <paramref name="bytes"/>.</summary>
    public ReadLoop(long bytes)
    {
        int block = Streams * V.Width;
        _count = (int)(bytes / sizeof(float) / block) * block;
        _repeats = (int)Math.Max(1, (1 << 20) / bytes);

        // Pages that were never written all map to one page of zeros.
        _buffer = new AlignedBuffer<float>(_count);
        _buffer.Span.Fill(1);
    }

    /// <summary>Reads the buffer at least once and returns the bytes read.</summary>
    public double Run()
    {
        float used = 0;
        for (int i = 0; i < _repeats; i++)
            used += Read(_buffer.Pointer, _count);
        return float.IsNaN(used) ? 0 : (double)_repeats * _count * sizeof(float);
    }

    public void Dispose() => _buffer.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Read(float* p, int count)
    {
        V c0 = V.Zero, c1 = V.Zero, c2 = V.Zero, c3 = V.Zero, c4 = V.Zero, c5 = V.Zero, c6 = V.Zero, c7 = V.Zero;
        for (float* end = p + count; p < end; p += Streams * V.Width)
        {
            c0 |= V.Load(p);
            c1 |= V.Load(p + V.Width);
            c2 |= V.Load(p + (2 * V.Width));
            c3 |= V.Load(p + (3 * V.Width));
            c4 |= V.Load(p + (4 * V.Width));
            c5 |= V.Load(p + (5 * V.Width));
            c6 |= V.Load(p + (6 * V.Width));
            c7 |= V.Load(p + (7 * V.Width));
        }

        return V.Sum((c0 | c1) | (c2 | c3) | (c4 | c5) | (c6 | c7));
    }
}
