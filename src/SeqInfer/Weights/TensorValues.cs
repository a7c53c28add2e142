using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>Whole tensors as arrays: for inputs, expected values and other data that is not weights.</summary>
public static class TensorValues
{
    /// <summary>All elements, row-major. Exact, except that 64-bit integers beyond 2^53 are rounded.</summary>
    /// <exception cref="WeightTensorException">The dtype has no conversion, or there are more elements than an array holds.</exception>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public static double[] ToDoubles(this TensorInfo tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Read<double>(tensor);
    }

    /// <summary>All elements, row-major, rounded to float.</summary>
    /// <exception cref="WeightTensorException">The dtype has no conversion, or there are more elements than an array holds.</exception>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public static float[] ToSingles(this TensorInfo tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Read<float>(tensor);
    }

    /// <summary>All elements, row-major, of a tensor of any integer dtype.</summary>
    /// <exception cref="WeightTensorException">
    /// The dtype is no integer, a value does not fit 32 bits, or there are more elements than an array holds.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public static int[] ToInt32s(this TensorInfo tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!tensor.DType.IsInteger() && tensor.DType != DType.Bool)
            throw new WeightTensorException(tensor.File, tensor.Name, tensor.DType, "expected integers");

        // Doubles tell every 64-bit value outside the range of an int from those within it.
        double[] values = Read<double>(tensor);
        int[] integers = new int[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is < int.MinValue or > int.MaxValue)
                throw new WeightTensorException(tensor.File, tensor.Name, tensor.DType, $"element {i} is {values[i]:R}, which does not fit 32 bits");
            integers[i] = (int)values[i];
        }

        return integers;
    }

    private static unsafe T[] Read<T>(TensorInfo tensor)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        if (!tensor.DType.IsConvertible())
        {
            throw new WeightTensorException(
                tensor.File, tensor.Name, tensor.DType, "this dtype has no conversion; F16, BF16, F32, F64, BOOL and integers have");
        }

        if (tensor.Shape.ElementCount > (ulong)Array.MaxLength)
            throw new WeightTensorException(tensor.File, tensor.Name, tensor.DType, $"shape {tensor.Shape} has more elements than an array holds");
        T[] values = new T[tensor.Shape.ElementCount];
        byte* pointer = tensor.Memory.Acquire();
        try
        {
            _ = ElementConversion.TryRead<T>(tensor.DType, pointer + tensor.ByteOffset, 1, values);
        }
        finally
        {
            tensor.Memory.Release();
        }

        return values;
    }
}
