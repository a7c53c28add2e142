using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>Copies of weights in native memory.</summary>
internal static unsafe class CpuBuffers
{
    /// <summary>The elements as floats, row after row; null, without any memory, for the stand-in of a missing tensor.</summary>
    public static AlignedBuffer<float>? Copy(Parameter parameter)
    {
        if (parameter.IsMissing)
            return null;
        AlignedBuffer<float> buffer = new(parameter.ElementCount);
        for (int row = 0; row < parameter.Rows; row++)
            parameter.CopyRow(row, new Span<float>(buffer.Pointer + ((long)row * parameter.Columns), parameter.Columns));
        return buffer;
    }

    /// <summary>The first element of weights that are there.</summary>
    /// <exception cref="InvalidOperationException">They stand in for a missing tensor.</exception>
    public static T* Pointer<T>(AlignedBuffer<T>? buffer)
        where T : unmanaged =>
        buffer is null ? throw new InvalidOperationException("the weights stand in for a missing tensor and have no values") : buffer.Pointer;
}
