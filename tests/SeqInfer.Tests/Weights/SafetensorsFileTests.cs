using System.Text;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_come_in_the_order_of_their_data()
    {
        const string Header = """{"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""";
        using SafetensorsFile file = SafetensorsBytes.Open(SafetensorsBytes.File(Encoding.UTF8.GetBytes(Header), [1, 2, 3]));
        Assert.Equal(["a: U8[2]", "b: U8[1]"], file.Tensors.Select(tensor => tensor.ToString()));
        Assert.Equal(8 + Header.Length + 2, file["b"].ByteOffset);
        Assert.Equal([1, 2], file.GetBytes("a").ToArray());
        Assert.Equal([3], file.GetBytes("b").ToArray());
    }

    [Fact]
    public void Unknown_tensor_is_a_typed_error()
    {
        using SafetensorsFile file = SafetensorsBytes.Open(SafetensorsBytes.File(SafetensorsBytes.TestEntry, 16));
        SafetensorsFormatException error = Assert.Throws<SafetensorsFormatException>(() => file["other"]);
        Assert.Equal((SafetensorsRule.TensorNotFound, "other"), (error.Rule, error.Tensor));
        Assert.False(file.TryGetTensor("other", out _));
    }

    [Fact]
    public void File_that_cannot_be_read_is_a_typed_error()
    {
        string[] paths = [_folder.File("absent"), Path.Combine(_folder.Path, "no", "folder"), _folder.Path, "", "nul\0"];
        Assert.All(paths, path =>
        {
            SafetensorsFormatException error = Assert.Throws<SafetensorsFormatException>(() => SafetensorsFile.Open(path));
            Assert.Equal((SafetensorsRule.Io, path), (error.Rule, error.File));
        });
    }

    [Fact]
    public void Access_after_disposal_throws()
    {
        SafetensorsFile file = SafetensorsBytes.Open(SafetensorsBytes.File(SafetensorsBytes.TestEntry, 16));
        TensorInfo tensor = file["test"];
        Parameter parameter = Parameter.FromTensor(tensor);
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { _ = file.GetBytes("test"); });
        Assert.Throws<ObjectDisposedException>(() => tensor.CopyBytes(0, new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => parameter[0, 0]);
        Assert.Throws<ObjectDisposedException>(parameter.ToArray);
        Assert.Throws<ObjectDisposedException>(parameter.TryLease);
    }

    [Fact]
    public unsafe void Lease_outlives_the_disposal_of_its_file()
    {
        byte[] bytes = SafetensorsBytes.File(SafetensorsBytes.TestEntry, 16);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), 42);
        SafetensorsFile file = SafetensorsBytes.Open(bytes);
        ParameterLease lease = Parameter.FromTensor(file["test"]).TryLease()!;
        file.Dispose();
        Assert.Equal(42, ((int*)lease.Pointer)[3]);
        lease.Dispose();
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => (nint)lease.Pointer);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 17)]
    [InlineData(16, 1)]
    [InlineData(long.MaxValue, 1)]
    public void Bytes_outside_a_tensor_are_out_of_reach(long offset, int length)
    {
        using SafetensorsFile file = SafetensorsBytes.Open(SafetensorsBytes.File(SafetensorsBytes.TestEntry, 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => file["test"].CopyBytes(offset, new byte[length]));
    }

    [Fact]
    public void File_larger_than_memory_opens_by_its_header_alone()
    {
        const long Rows = 1_600_000_000;
        string header = $$"""{"table":{"dtype":"F32","shape":[{{Rows}},1],"data_offsets":[0,{{Rows * 4}}] } }""";
        string path = _folder.Write("sparse.safetensors", SafetensorsBytes.File(header, 0));
        using (FileStream stream = new(path, FileMode.Open)) stream.SetLength(stream.Length + (Rows * 4));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Parameter table = Parameter.FromTensor(file["table"]);
        Assert.Equal(((int)Rows, 1), (table.Rows, table.Columns));
        Assert.Equal(0, table[(int)Rows - 1, 0]);
        Assert.Throws<WeightTensorException>(() => { _ = file.GetBytes("table"); });
        byte[] last = [1, 2, 3, 4];
        file["table"].CopyBytes((Rows * 4) - 4, last);
        Assert.Equal([0, 0, 0, 0], last);
    }

    [Fact]
    public void Lying_header_length_allocates_nothing()
    {
        byte[] bytes = SafetensorsBytes.File(100_000_000, "{}"u8, []);
        string path = _folder.Write("liar.safetensors", bytes);
        _ = Assert.Throws<SafetensorsFormatException>(() => SafetensorsFile.Open(path));
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = Assert.Throws<SafetensorsFormatException>(() => SafetensorsFile.Open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }
}
