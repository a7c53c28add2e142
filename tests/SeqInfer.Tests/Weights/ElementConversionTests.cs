using System.Globalization;
using System.Runtime.InteropServices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

public class ElementConversionTests
{
    private static readonly ushort[] AllPatterns = [.. Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits)];

    [Fact]
    public void Every_f16_value_converts_exactly()
    {
        Half[] values = Array.ConvertAll(AllPatterns, BitConverter.UInt16BitsToHalf);
        AssertConverts(DType.F16, values, value => (double)value, value => (float)value);
    }

    [Fact]
    public void Every_bf16_value_is_the_upper_half_of_a_float()
    {
        AssertConverts(
            DType.BF16, AllPatterns, bits => (double)Upper(bits), Upper);
        static float Upper(ushort bits) => BitConverter.Int32BitsToSingle(bits << 16);
    }

    [Fact]
    public void Every_small_integer_converts_exactly()
    {
        AssertConverts(DType.U16, AllPatterns, value => value, value => value);
        AssertConverts(DType.I16, Array.ConvertAll(AllPatterns, bits => (short)bits), value => value, value => value);
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        AssertConverts(DType.U8, bytes, value => value, value => value);
        AssertConverts(DType.I8, Array.ConvertAll(bytes, value => (sbyte)value), value => value, value => value);
        AssertConverts(DType.Bool, bytes, value => value == 0 ? 0 : 1, value => value == 0 ? 0 : 1);
    }

    [Fact]
    public void Wide_integers_round_once_to_nearest()
    {
        // 2^24 + 1, 2^53 + 1 and neighbours; 2^62 + 2^38 + 1 would round down if it went through double first.
        long[] wide = [0, 1, -1, 16777217, -16777219, (1L << 53) + 1, (1L << 62) + (1L << 38) + 1, long.MinValue, long.MaxValue];
        AssertConverts(DType.I64, wide, Parse<long>, ParseSingle);
        AssertConverts(DType.U64, [.. wide.Select(value => (ulong)value)], Parse<ulong>, ParseSingle);
        AssertConverts(DType.I32, [.. wide.Select(value => (int)value)], Parse<int>, ParseSingle);
        AssertConverts(DType.U32, [.. wide.Select(value => (uint)value)], Parse<uint>, ParseSingle);
        static double Parse<T>(T value) => double.Parse($"{value}", CultureInfo.InvariantCulture);
        static float ParseSingle<T>(T value) => float.Parse($"{value}", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Floats_keep_their_bits_and_doubles_round_to_nearest()
    {
        float[] floats = [0, -0f, 1, float.Epsilon, -float.MaxValue, float.PositiveInfinity, float.NaN, 0.1f];
        AssertConverts(DType.F32, floats, value => value, value => value);
        double[] doubles = [0, -0d, 1, double.Epsilon, double.MaxValue, double.NegativeInfinity, double.NaN, 0.1, 1 + Math.Pow(2, -24)];
        AssertConverts(DType.F64, doubles, value => value, value => (float)value);
    }

    [Theory]
    [InlineData(DType.F4)]
    [InlineData(DType.F6E2M3)]
    [InlineData(DType.F8E4M3)]
    [InlineData(DType.F8E8M0)]
    [InlineData(DType.C64)]
    public void Dtype_without_conversion_is_a_typed_error(DType dtype)
    {
        TensorInfo tensor = TensorInfo.FromBytes("odd", dtype, new Shape(4), new byte[dtype.Bits() / 2]);
        Action[] reads = [() => Parameter.FromTensor(tensor), () => Parameter.FromTensor(tensor, 2, 2)];
        Assert.All(reads, read =>
        {
            WeightTensorException error = Assert.Throws<WeightTensorException>(read);
            Assert.Equal((tensor.File, "odd", dtype), (error.File, error.Tensor, error.DType));
            Assert.Contains(dtype.SafetensorsName(), error.Message, StringComparison.Ordinal);
        });
    }

    // The values lie at an odd address; as a row, as a column (strided), and one by one.
    private static void AssertConverts<T>(DType dtype, T[] values, Func<T, double> toDouble, Func<T, float> toSingle)
        where T : unmanaged
    {
        byte[] header = System.Text.Encoding.ASCII.GetBytes(
            $$"""{"pad":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"v":{"dtype":"{{dtype.SafetensorsName()}}","shape":[{{values.Length}}],"""
            + $"\"data_offsets\":[1,{1 + (values.Length * dtype.Bits() / 8)}]}}}}");
        byte[] padded = [.. header, .. Enumerable.Repeat((byte)' ', (8 - (header.Length % 8)) % 8)];
        using SafetensorsFile file = SafetensorsBytes.Open(SafetensorsBytes.File(padded, [0, .. MemoryMarshal.AsBytes(values.AsSpan())]));
        Parameter row = Parameter.FromTensor(file["v"]);
        using ParameterLease lease = row.TryLease()!;
        Assert.Equal(dtype.Bits() == 8, lease.IsAligned);

        long[] doubles = [.. values.Select(value => BitConverter.DoubleToInt64Bits(toDouble(value)))];
        int[] singles = [.. values.Select(value => BitConverter.SingleToInt32Bits(toSingle(value)))];
        Assert.Equal(doubles, row.ToArray().Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(singles, row.ToFloatArray().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(doubles, row.Transpose().ToArray().Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(singles, row.Transpose().ToFloatArray().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(doubles[^1], BitConverter.DoubleToInt64Bits(row[0, values.Length - 1]));

        Parameter folded = row.Reshape(values.Length, 1).Transpose();
        Assert.Equal(singles, folded.ToFloatArray().Select(BitConverter.SingleToInt32Bits));
    }
}
