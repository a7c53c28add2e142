using System.Text;
using System.Text.Json;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

public sealed class WeightFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Directory_with_one_file_opens()
    {
        WriteShard("model.safetensors", "a", "b");
        foreach (string path in new[] { _folder.Path, _folder.File("model.safetensors") })
        {
            using WeightFiles files = WeightFiles.Open(path);
            Assert.Equal((path, 1), (files.Path, files.Files.Count));
            Assert.Equal(["a", "b"], files.Tensors.Select(tensor => tensor.Name));
        }
    }

    [Fact]
    public void Directory_with_shards_opens_whatever_total_size_says()
    {
        WriteShard("x.safetensors", "a", "b");
        WriteShard("sub/y.safetensors", "c");
        WriteIndex("""{"metadata":{"total_size":"wrong","other":1},"weight_map":{"c":"sub/y.safetensors","a":"x.safetensors","b":"x.safetensors"}}""");
        foreach (string path in new[] { _folder.Path, _folder.File(WeightFiles.IndexFileName) })
        {
            using WeightFiles files = WeightFiles.Open(path);
            Assert.Equal(2, files.Files.Count);
            Assert.Equal(["c", "a", "b"], files.Tensors.Select(tensor => tensor.Name));
            Assert.True(files.TryGetTensor("b", out TensorInfo? tensor));
            Assert.Equal(_folder.File("x.safetensors"), tensor!.File);
            Assert.Equal([1], Parameter.FromTensor(tensor).ToArray());
            Assert.False(files.TryGetTensor("d", out _));
        }
    }

    [Fact]
    public void Tensor_that_the_index_does_not_name_is_no_part_of_the_weights()
    {
        WriteShard("x.safetensors", "a", "stale");
        WriteShard("y.safetensors", "b", "stale");
        WriteMap(("a", "x.safetensors"), ("b", "y.safetensors"));
        using WeightFiles files = WeightFiles.Open(_folder.Path);
        Assert.Equal(["a", "b"], files.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Disposal_unmaps_every_shard()
    {
        WriteShard("x.safetensors", "a");
        WriteShard("y.safetensors", "b");
        WriteMap(("a", "x.safetensors"), ("b", "y.safetensors"));
        WeightFiles files = WeightFiles.Open(_folder.Path);
        files.Dispose();
        Assert.All(files.Tensors, tensor => Assert.Throws<ObjectDisposedException>(() => tensor.CopyBytes(0, new byte[1])));
    }

    [Fact]
    public void Directory_without_weights_is_refused()
    {
        WeightFilesException error = Assert.Throws<WeightFilesException>(() => WeightFiles.Open(_folder.Path));
        Assert.Equal(_folder.Path, error.File);
        Assert.Contains("model.safetensors.index.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_that_cannot_be_read_is_a_typed_error()
    {
        string[] paths = [_folder.File("absent.index.json"), "nul\0.index.json"];
        Assert.All(paths, path => Assert.Equal(path, Assert.Throws<WeightFilesException>(() => WeightFiles.Open(path)).File));
    }

    [Fact]
    public void Missing_shard_is_named()
    {
        WriteShard("x.safetensors", "a");
        WriteMap(("a", "x.safetensors"), ("b", "gone.safetensors"));
        AssertRefused("b", "gone.safetensors");
    }

    [Fact]
    public void Tensor_absent_from_its_shard_is_named()
    {
        WriteShard("x.safetensors", "a");
        WriteMap(("a", "x.safetensors"), ("b", "x.safetensors"));
        AssertRefused("b", "x.safetensors");
    }

    [Fact]
    public void Tensor_in_two_shards_is_named()
    {
        WriteShard("x.safetensors", "a", "b");
        WriteShard("y.safetensors", "b");
        WriteMap(("a", "x.safetensors"), ("b", "y.safetensors"));
        AssertRefused("b", "x.safetensors", "y.safetensors");
    }

    [Fact]
    public void Tensor_mapped_twice_is_named()
    {
        WriteIndex("""{"weight_map":{"b":"x.safetensors","\u0062":"y.safetensors"}}""");
        AssertRefused("b", "x.safetensors", "y.safetensors");
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("sub/../../outside.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\outside.safetensors")]
    [InlineData("nul\0.safetensors")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public void Shard_outside_the_folder_is_refused(string shard)
    {
        WriteMap(("a", shard));
        AssertRefused("a", "inside the folder");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"weight_map\":[]}")]
    [InlineData("{\"weight_map\":{}")]
    [InlineData("{\"weight_map\":{\"a\":\"\\ud800\"}}")]
    [InlineData("{\"weight_map\":{\"\\ud800\":\"x.safetensors\"}}")]
    public void Malformed_index_is_refused(string index)
    {
        WriteIndex(index);
        AssertRefused(null, "index.json");
    }

    [Fact]
    public void Shard_that_is_not_named_by_a_string_is_refused()
    {
        WriteIndex("""{"weight_map":{"a":1}}""");
        AssertRefused("a", "Number");
    }

    [Fact]
    public void Damaged_shard_is_named()
    {
        string shard = _folder.Write("x.safetensors", [1, 2, 3]);
        WriteMap(("a", "x.safetensors"));
        Assert.Equal(shard, Assert.Throws<SafetensorsFormatException>(() => WeightFiles.Open(_folder.Path)).File);
    }

    private void AssertRefused(string? tensor, params string[] mentions)
    {
        WeightFilesException error = Assert.Throws<WeightFilesException>(() => WeightFiles.Open(_folder.Path));
        Assert.Equal((_folder.File(WeightFiles.IndexFileName), tensor), (error.File, error.Tensor));
        Assert.All(mentions, mention => Assert.Contains(mention, error.Message, StringComparison.Ordinal));
    }

    private void WriteShard(string file, params string[] names)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
        SafetensorsWriter.Write(_folder.File(file), names.Select(name => TensorData.FromValues(name, new Shape(1), new[] { 1f })));
    }

    private void WriteMap(params (string Tensor, string Shard)[] map) => WriteIndex(
        "{\"weight_map\":{" + string.Join(',', map.Select(pair => $"{Quote(pair.Tensor)}:{Quote(pair.Shard)}")) + "}}");

    private void WriteIndex(string json) => _folder.Write(WeightFiles.IndexFileName, Encoding.UTF8.GetBytes(json));

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
