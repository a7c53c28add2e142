using SeqInfer.Kernels.Gemm;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>Copies of weights in native memory.</summary>
internal static unsafe class CpuBuffers
{
    /// <summary>The elements as floats, row after row; null, without any memory, for the stand-in of a missing tensor.</summary>
    public static AlignedBuffer<float>? Copy(Parameter parameter) =>
        parameter.IsMissing ? null : Copy(parameter.Rows, parameter.Columns, parameter.CopyRow);

    /// <summary>Rows, one after the other.</summary>
    public static AlignedBuffer<float> Copy(int rows, int columns, RowReader read)
    {
        AlignedBuffer<float> buffer = new((long)rows * columns);
        for (int row = 0; row < rows; row++)
            read(row, new Span<float>(buffer.Pointer + ((long)row * columns), columns));
        return buffer;
    }

    /// <summary>The first element of weights that are there.</summary>
    /// <exception cref="InvalidOperationException">They stand in for a missing tensor.</exception>
    public static T* Pointer<T>(AlignedBuffer<T>? buffer)
        where T : unmanaged =>
        buffer is null ? throw new InvalidOperationException("the weights stand in for a missing tensor and have no values") : buffer.Pointer;
}
