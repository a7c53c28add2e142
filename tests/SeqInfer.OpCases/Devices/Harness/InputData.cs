using System.Runtime.InteropServices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Harness;

/// <summary>Random inputs. All of them are floats, so that devices of any precision compute from the same numbers.</summary>
internal sealed class InputData(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Largest magnitude of <see cref="Values"/>.</summary>
    public const double Magnitude = 2;

    /// <summary>Values between -2 and 2.</summary>
    public float[] Values(int count) => Values(count, (float)Magnitude);

    public float[] Values(int count, float magnitude) =>
        [.. Enumerable.Range(0, count).Select(_ => magnitude * ((2 * _random.NextSingle()) - 1))];

    /// <summary>Values between 0 and 1.</summary>
    public float[] Shares(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.NextSingle())];

    /// <summary>Whole numbers, whose sums and products are exact in single precision and often tie.</summary>
    public float[] WholeValues(int count, int magnitude) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)_random.Next(-magnitude, magnitude + 1))];

    public int Between(int low, int high) => _random.Next(low, high + 1);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public int[] Ids(int count, int low, int high) => [.. Enumerable.Range(0, count).Select(_ => Between(low, high))];

    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        _random.Shuffle(order);
        return order;
    }

    /// <summary>Values between -1 and 1, stored in one of the ways in which weights reach a device.</summary>
    public Parameter Parameter(int rows, int columns, float magnitude = 1) => Stored(rows, columns, Values(rows * columns, magnitude));

    /// <summary>Whole numbers, stored in one of the ways in which weights reach a device.</summary>
    public Parameter WholeParameter(int rows, int columns, int magnitude) => Stored(rows, columns, WholeValues(rows * columns, magnitude));

    /// <summary>
    /// A parameter of these values: plain floats or doubles, a transpose, columns of a wider matrix, stacked parts, or rounded to a half or
    /// bfloat16, which changes the values and is why callers must not use their own copy.
    /// </summary>
    public Parameter Stored(int rows, int columns, float[] values)
    {
        switch (_random.Next(7))
        {
            case 0:
                return SeqInfer.Weights.Parameter.FromValues("f32", rows, columns, values);
            case 1:
                return SeqInfer.Weights.Parameter.FromValues("f64", rows, columns, Array.ConvertAll(values, value => (double)value));
            case 2:
                return SeqInfer.Weights.Parameter.FromValues("transposed", columns, rows, Transpose(rows, columns, values)).Transpose();
            case 3:
                Parameter plain = SeqInfer.Weights.Parameter.FromValues("part", rows, columns, values);
                Parameter other = SeqInfer.Weights.Parameter.FromValues("other", rows, 3, Values(3 * rows));
                float[] wide = SeqInfer.Weights.Parameter.ConcatColumns("wide", other, plain, other).ToFloatArray();
                return SeqInfer.Weights.Parameter.FromValues("wide", rows, columns + 6, wide).SliceColumns(3, columns);
            case 4:
                int split = _random.Next(rows + 1);
                return SeqInfer.Weights.Parameter.ConcatRows(
                    "stacked",
                    SeqInfer.Weights.Parameter.FromValues("upper", split, columns, values.AsSpan(0, split * columns)),
                    SeqInfer.Weights.Parameter.FromValues("lower", rows - split, columns, values.AsSpan(split * columns)));
            case 5:
                return FromBytes(DType.F16, rows, columns, MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (Half)value).AsSpan()));
            default:
                ushort[] upper = Array.ConvertAll(values, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
                return FromBytes(DType.BF16, rows, columns, MemoryMarshal.AsBytes(upper.AsSpan()));
        }
    }

    private static Parameter FromBytes(DType dtype, int rows, int columns, ReadOnlySpan<byte> bytes) =>
        SeqInfer.Weights.Parameter.FromTensor(TensorInfo.FromBytes(dtype.SafetensorsName(), dtype, new Shape(rows, columns), bytes), rows, columns);

    private static float[] Transpose(int rows, int columns, float[] values)
    {
        float[] transposed = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
            transposed[(i % columns * rows) + (i / columns)] = values[i];
        return transposed;
    }
}
