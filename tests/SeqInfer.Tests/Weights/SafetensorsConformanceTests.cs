using System.Text.Json;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

/// <summary>Files with the verdict of the format's reference reader.</summary>
public class SafetensorsConformanceTests
{
    private const string Folder = "safetensors-format";

    public static TheoryData<string?, string, string> Cases()
    {
        TheoryData<string?, string, string> cases = [];
        if (SharedCases.TryFind(Folder, "cases.json") is { } list)
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(list));
            foreach (JsonElement one in document.RootElement.GetProperty("cases").EnumerateArray())
                cases.Add(one.GetProperty("file").GetString(), one.GetProperty("expected").GetString()!, one.GetProperty("reference").GetString()!);
        }
        else
        {
            cases.Add(null, "", "");
        }

        return cases;
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Verdict_is_the_reference_readers(string? file, string expected, string reference)
    {
        Skip.If(file is null, SharedCases.SkipMessage);
        string path = SharedCases.Require(Folder, file!);
        if (expected == "accept")
        {
            using SafetensorsFile opened = SafetensorsFile.Open(path);
            Assert.All(opened.Tensors, tensor => Assert.Equal(tensor.ByteLength, opened.GetBytes(tensor.Name).Length));
            return;
        }

        SafetensorsFormatException error = Assert.Throws<SafetensorsFormatException>(() => SafetensorsFile.Open(path));
        Assert.Equal(path, error.File);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);

        // The reference does not notice names given twice; where it stumbles over their offsets instead, the name is still the first fault.
        bool isDuplicate = Path.GetFileName(file!).StartsWith("dup_", StringComparison.Ordinal);
        string rule = isDuplicate ? nameof(SafetensorsRule.InvalidHeaderDeserialization) : reference.Split('(')[0];
        Assert.Equal(rule, error.Rule.ToString());
        if (!isDuplicate && reference.Contains('(')) Assert.Equal(reference.Split('"')[1], error.Tensor);
    }

    [SkippableFact]
    public void Shards_hold_the_tensors_of_the_single_file()
    {
        using WeightFiles single = WeightFiles.Open(SharedCases.Require("sasrec-ml1m-e1000"));
        using WeightFiles shards = WeightFiles.Open(SharedCases.Require("sasrec-ml1m-e1000-sharded"));
        Assert.True(shards.Files.Count > 1);
        Assert.Equal(
            single.Tensors.Select(tensor => tensor.ToString()).Order(), shards.Tensors.Select(tensor => tensor.ToString()).Order());
        foreach (TensorInfo tensor in single.Tensors)
        {
            Assert.True(shards.TryGetTensor(tensor.Name, out TensorInfo? shard));
            Assert.Equal(Bytes(tensor), Bytes(shard!));
        }
    }

    private static byte[] Bytes(TensorInfo tensor)
    {
        byte[] bytes = new byte[tensor.ByteLength];
        tensor.CopyBytes(0, bytes);
        return bytes;
    }
}
