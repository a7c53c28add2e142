using System.Text;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_are_those_of_the_reference_layout()
    {
        using MemoryStream stream = new();
        SafetensorsWriter.Write(
            stream,
            [
                TensorData.FromBytes("z", DType.U8, new Shape(1), new byte[] { 7 }),
                TensorData.FromValues("b", new Shape(1), new[] { 1f }),
                TensorData.FromValues("a", new Shape(), new[] { 2f }),
                TensorData.FromValues("d", new Shape(1), new[] { 3d }),
                TensorData.FromValues("i", new Shape(1), new[] { 4L }),
            ],
            new Dictionary<string, string> { ["format"] = "pt" });
        const string Header =
            """{"__metadata__":{"format":"pt"},"i":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"""
            + "\"d\":" + """{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"""
            + "\"a\":" + """{"dtype":"F32","shape":[],"data_offsets":[16,20]},"""
            + "\"b\":" + """{"dtype":"F32","shape":[1],"data_offsets":[20,24]},"""
            + "\"z\":" + """{"dtype":"U8","shape":[1],"data_offsets":[24,25]}}""";
        byte[] data =
        [
            .. BitConverter.GetBytes(4L), .. BitConverter.GetBytes(3d), .. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(1f), 7,
        ];
        byte[] padded = Encoding.ASCII.GetBytes(Header.PadRight((Header.Length + 7) / 8 * 8));
        Assert.Equal(SafetensorsBytes.File(padded, data), stream.ToArray());
    }

    [Fact]
    public void Names_of_one_dtype_are_ordered_by_their_utf8_bytes()
    {
        // As UTF-16 the surrogates of the emoji would come before U+E000.
        string[] names = ["\U0001F600", "\uE000", "b", "a"];
        string path = _folder.File("names.safetensors");
        SafetensorsWriter.Write(path, names.Select(name => TensorData.FromValues(name, new Shape(1), new[] { 1f })));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(names.Reverse(), file.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Replacing_a_file_leaves_its_mapping_valid_and_no_temporary_file()
    {
        string path = _folder.File("model.safetensors");
        SafetensorsWriter.Write(path, [TensorData.FromValues("w", new Shape(2), new[] { 1f, 2f })]);
        using SafetensorsFile old = SafetensorsFile.Open(path);
        SafetensorsWriter.Write(path, [TensorData.FromTensor(old["w"], "copy"), TensorData.FromValues("w", new Shape(1), new[] { 5f })]);
        using SafetensorsFile replaced = SafetensorsFile.Open(path);
        Assert.Equal([1, 2], Parameter.FromTensor(old["w"]).ToArray());
        Assert.Equal([1, 2], Parameter.FromTensor(replaced["copy"]).ToArray());
        Assert.Equal([5], Parameter.FromTensor(replaced["w"]).ToArray());
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(100)]
    public void Source_that_gives_another_number_of_bytes_leaves_the_old_file(int given)
    {
        string path = _folder.Write("model.safetensors", "old"u8);
        TensorData tensor = TensorData.FromStream("w", DType.F32, new Shape(1), stream => stream.Write(new byte[given]));
        SafetensorsFormatException error = Assert.Throws<SafetensorsFormatException>(() => SafetensorsWriter.Write(path, [tensor]));
        Assert.Equal((SafetensorsRule.InvalidTensorView, "w"), (error.Rule, error.Tensor));
        Assert.Equal("old"u8, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Tensor_larger_than_the_copy_buffer_is_streamed_whole()
    {
        float[] values = new float[700_001];
        for (int i = 0; i < values.Length; i++) values[i] = i;
        string path = _folder.File("a.safetensors");
        string copy = _folder.File("b.safetensors");
        SafetensorsWriter.Write(path, [TensorData.FromValues("w", new Shape(values.Length), values)]);
        using SafetensorsFile first = SafetensorsFile.Open(path);
        SafetensorsWriter.Write(copy, [TensorData.FromTensor(first["w"])]);
        using SafetensorsFile second = SafetensorsFile.Open(copy);
        Assert.Equal(values, Parameter.FromTensor(second["w"]).ToFloatArray());
    }

    public static TheoryData<SafetensorsRule, TensorData[]> Unwritable() => new()
    {
        { SafetensorsRule.InvalidHeaderDeserialization, [Empty("a"), Empty("a")] },
        { SafetensorsRule.InvalidHeaderDeserialization, [Empty("__metadata__")] },
        { SafetensorsRule.InvalidHeader, [Empty("\ud800")] },
        { SafetensorsRule.ValidationOverflow, [Nothing(DType.F32, new Shape(long.MaxValue, 4))] },
        { SafetensorsRule.ValidationOverflow, [.. Enumerable.Range(0, 9).Select(i => Nothing(DType.U8, new Shape(1L << 60), $"{i}"))] },
        { SafetensorsRule.MisalignedSlice, [Nothing(DType.F4, new Shape(1))] },
    };

    [Theory]
    [MemberData(nameof(Unwritable))]
    public void Tensors_that_make_no_valid_file_are_refused(SafetensorsRule rule, TensorData[] tensors)
    {
        using MemoryStream stream = new();
        Assert.Equal(rule, Assert.Throws<SafetensorsFormatException>(() => SafetensorsWriter.Write(stream, tensors)).Rule);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void Header_longer_than_a_reader_accepts_is_refused()
    {
        using MemoryStream stream = new();
        TensorData[] tensors = [Empty(new string('x', SafetensorsFile.MaxHeaderLength))];
        SafetensorsFormatException error = Assert.Throws<SafetensorsFormatException>(() => SafetensorsWriter.Write(stream, tensors));
        Assert.Equal(SafetensorsRule.HeaderTooLarge, error.Rule);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void Data_of_another_size_than_its_shape_is_refused()
    {
        Assert.Equal(SafetensorsRule.InvalidTensorView, Assert.Throws<SafetensorsFormatException>(
            () => TensorData.FromValues("w", new Shape(2), new[] { 1f })).Rule);
        Assert.Equal(SafetensorsRule.InvalidTensorView, Assert.Throws<SafetensorsFormatException>(
            () => TensorData.FromBytes("w", DType.F16, new Shape(2), new byte[3])).Rule);
    }

    [Fact]
    public void Unwritable_path_is_a_typed_error()
    {
        string path = Path.Combine(_folder.Path, "absent", "model.safetensors");
        SafetensorsFormatException error = Assert.Throws<SafetensorsFormatException>(() => SafetensorsWriter.Write(path, []));
        Assert.Equal((SafetensorsRule.Io, path), (error.Rule, error.File));
    }

    private static TensorData Empty(string name) => Nothing(DType.F32, new Shape(0), name);

    private static TensorData Nothing(DType dtype, Shape shape, string name = "w") => TensorData.FromStream(name, dtype, shape, _ => { });
}
