using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

public class SafetensorsPropertyTests
{
    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.Elements("", "a", "layers.0.weight", "имя.é", "\u0000\u001f\n\"\\/", "\U0001F600", "\uE000", "__metadata", "dtype"),
        Gen.Choose(0, 12).SelectMany(length => Gen.ArrayOf(Gen.Choose(0, 0x2fff), length))
            .Select(codes => string.Concat(codes.Select(code => new Rune(code).ToString()))));

    // The bytes of a tensor follow from its seed. Every fourth element count is a multiple of 4, as F4 and F6 need.
    private static readonly Gen<TensorData> Tensors =
        from name in Names
        from dtype in Gen.Elements(Enum.GetValues<DType>())
        from dimensions in Gen.Choose(0, 4).SelectMany(rank => Gen.ArrayOf(Gen.Choose(0, 5), rank))
        from seed in Gen.Choose(0, int.MaxValue)
        let shape = new Shape([.. dimensions.Select(d => (long)d), .. dtype.Bits() < 8 ? [4L] : Array.Empty<long>()])
        select TensorData.FromBytes(name, dtype, shape, RandomBytes(seed, (int)(shape.ElementCount * (ulong)dtype.Bits() / 8)));

    private static readonly Gen<(TensorData[] Tensors, Dictionary<string, string>? Metadata)> Contents =
        from count in Gen.Choose(0, 8)
        from tensors in Gen.ArrayOf(Tensors, count)
        from hasMetadata in Gen.Elements(true, false)
        from keys in Gen.Choose(0, 3).SelectMany(length => Gen.ArrayOf(Names, length))
        from value in Names
        select (
            tensors.DistinctBy(tensor => tensor.Name).ToArray(),
            hasMetadata ? keys.Distinct().ToDictionary(key => key, key => value + key) : null);

    [Fact]
    public void What_is_written_is_read_back() => Property.Check(Contents, contents =>
    {
        byte[] bytes = Write(contents.Tensors, contents.Metadata);
        using SafetensorsFile file = SafetensorsBytes.Open(bytes);
        Assert.Equal(contents.Metadata ?? [], file.Metadata);
        Assert.Equal(contents.Tensors.Length, file.Tensors.Count);
        Assert.Equal(0, BitConverter.ToInt64(bytes) % 8);
        foreach (TensorData written in contents.Tensors)
        {
            TensorInfo read = file[written.Name];
            Assert.Equal((written.DType, written.Shape), (read.DType, read.Shape));
            using MemoryStream expected = new();
            written.WriteTo(expected);
            Assert.Equal(expected.ToArray(), file.GetBytes(written.Name).ToArray());
        }

        // Empty tensors share their offset with a neighbour, so their place among the others is not in the file.
        TensorInfo[] occupying = [.. file.Tensors.Where(tensor => tensor.ByteLength > 0)];
        Assert.Equal(occupying.OrderByDescending(tensor => tensor.DType), occupying);
        for (int i = 1; i < file.Tensors.Count; i++)
        {
            TensorInfo before = file.Tensors[i - 1];
            Assert.Equal(before.ByteOffset + before.ByteLength, file.Tensors[i].ByteOffset);
        }
    });

    [Fact]
    public void Writing_does_not_depend_on_the_order_given() => Property.Check(Contents, contents => Assert.Equal(
        Write(contents.Tensors, contents.Metadata), Write(contents.Tensors.Reverse(), contents.Metadata?.Reverse().ToDictionary())));

    [Fact]
    public void Damaged_bytes_are_refused_or_read_within_the_file()
    {
        var damages =
            from contents in Contents
            let bytes = Write(contents.Tensors, contents.Metadata)
            from cut in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, bytes.Length)))
            from flips in Gen.Choose(0, 4).SelectMany(count => Gen.ArrayOf(Gen.Choose(0, int.MaxValue), count))
            from headerOnly in Gen.Elements(true, false)
            select Damage(bytes, cut, flips, headerOnly);
        int refused = 0;
        int accepted = 0;
        Property.Check(damages, bytes =>
        {
            try
            {
                using SafetensorsFile file = SafetensorsBytes.Open(bytes);
                foreach (TensorInfo tensor in file.Tensors) Touch(tensor, bytes);
                accepted++;
            }
            catch (SafetensorsFormatException)
            {
                refused++;
            }
        }, count: 1000);
        Assert.True(refused > 0 && accepted > 0, $"{refused} refused, {accepted} accepted: the damage is one-sided");
    }

    private static void Touch(TensorInfo tensor, byte[] file)
    {
        byte[] bytes = new byte[tensor.ByteLength];
        tensor.CopyBytes(0, bytes);
        Assert.Equal(file.AsSpan((int)tensor.ByteOffset, bytes.Length).ToArray(), bytes);
        if (tensor.DType.IsConvertible())
            Assert.Equal(tensor.Shape.ElementCount, (ulong)Parameter.FromTensor(tensor).ToArray().Length);
        else
            Assert.Throws<WeightTensorException>(() => Parameter.FromTensor(tensor));
    }

    private static byte[] Damage(byte[] bytes, int cut, int[] flips, bool headerOnly)
    {
        byte[] damaged = bytes[..^cut];
        int range = headerOnly ? Math.Min(damaged.Length, 8 + (int)BitConverter.ToInt64(bytes)) : damaged.Length;
        foreach (int flip in flips)
        {
            if (range > 0) damaged[flip / 8 % range] ^= (byte)(1 << (flip % 8));
        }

        return damaged;
    }

    private static byte[] RandomBytes(int seed, int length)
    {
        byte[] bytes = new byte[length];
        new System.Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Write(IEnumerable<TensorData> tensors, Dictionary<string, string>? metadata)
    {
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, tensors, metadata);
        return stream.ToArray();
    }
}
