using SeqInfer.Weights;
using static SeqInfer.Tests.Weights.SafetensorsBytes;

namespace SeqInfer.Tests.Weights;

/// <summary>Every rule of the format, broken on purpose.</summary>
public class SafetensorsRulesTests
{
    private const string TwoPow63 = "9223372036854775808";

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void File_shorter_than_the_length_is_refused(int length)
        => Assert.Equal(SafetensorsRule.HeaderTooSmall, Refusal(new byte[length])?.Rule);

    [Theory]
    [InlineData(100_000_001UL, SafetensorsRule.HeaderTooLarge)]
    [InlineData(ulong.MaxValue, SafetensorsRule.HeaderTooLarge)]
    [InlineData(100_000_000UL, SafetensorsRule.InvalidHeaderLength)]
    [InlineData(3UL, SafetensorsRule.InvalidHeaderLength)]
    [InlineData(1UL, SafetensorsRule.InvalidHeaderDeserialization)]
    [InlineData(0UL, SafetensorsRule.InvalidHeaderDeserialization)]
    public void Header_length_is_checked_before_the_file_size(ulong length, SafetensorsRule rule)
        => Assert.Equal(rule, Refusal(File(length, "{}"u8, []))?.Rule);

    [Fact]
    public void Header_that_is_not_utf8_is_refused()
    {
        Assert.Equal(SafetensorsRule.InvalidHeader, Refusal(File([0xff], []))?.Rule);
        byte[] encodedSurrogate = [.. "{\""u8, 0xed, 0xa0, 0x80, .. "\":1}"u8];
        Assert.Equal(SafetensorsRule.InvalidHeader, Refusal(File(encodedSurrogate, []))?.Rule);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("\uFEFF{}")]
    [InlineData("{}\0")]
    [InlineData("{}{}")]
    [InlineData("{,}")]
    [InlineData("{'a':1}")]
    [InlineData("{} // end")]
    [InlineData("""{"__metadata__":{"a":"b",}}""")]
    [InlineData("""{"__metadata__":{"a":1}}""")]
    [InlineData("""{"__metadata__":{"a":{}}}""")]
    [InlineData("""{"__metadata__":"pt"}""")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""")]
    [InlineData("""{"__metadata__":null,"\u005f_metadata__":null}""")]
    [InlineData("""{"__metadata__":{"a":"1","\u0061":"2"}}""")]
    [InlineData("""{"__metadata__":{"a":"\udc00"}}""")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":[]}""")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""")]
    public void Header_that_is_not_one_strict_json_object_is_refused(string header)
        => Assert.Equal(SafetensorsRule.InvalidHeaderDeserialization, Refusal(File(header, 0))?.Rule);

    [Theory]
    [InlineData(""" "shape":[0],"data_offsets":[0,0] """, "dtype is missing")]
    [InlineData(""" "dtype":"F32","data_offsets":[0,0] """, "shape is missing")]
    [InlineData(""" "dtype":"F32","shape":[0] """, "data_offsets is missing")]
    [InlineData(""" "dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0] """, "dtype is given twice")]
    [InlineData(""" "dtype":"F32","shape":[0],"sh\u0061pe":[0],"data_offsets":[0,0] """, "shape is given twice")]
    [InlineData(""" "dtype":"F32","shape":[0],"data_offsets":[0,0],"data_offsets":[0,0] """, "data_offsets is given twice")]
    [InlineData(""" "dtype":"F128","shape":[0],"data_offsets":[0,0] """, "F128")]
    [InlineData(""" "dtype":"f32","shape":[0],"data_offsets":[0,0] """, "f32")]
    [InlineData(""" "dtype":32,"shape":[0],"data_offsets":[0,0] """, "dtype")]
    [InlineData(""" "dtype":"F32","shape":null,"data_offsets":[0,0] """, "shape")]
    [InlineData(""" "dtype":"F32","shape":[-1],"data_offsets":[0,0] """, "-1")]
    [InlineData(""" "dtype":"F32","shape":[-0],"data_offsets":[0,0] """, "-0")]
    [InlineData(""" "dtype":"F32","shape":[0.0],"data_offsets":[0,0] """, "0.0")]
    [InlineData(""" "dtype":"F32","shape":[0e0],"data_offsets":[0,0] """, "0e0")]
    [InlineData(""" "dtype":"F32","shape":["0"],"data_offsets":[0,0] """, "shape")]
    [InlineData(""" "dtype":"F32","shape":[[0]],"data_offsets":[0,0] """, "shape")]
    [InlineData(""" "dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,0] """, "18446744073709551616")]
    [InlineData(""" "dtype":"F32","shape":[01],"data_offsets":[0,0] """, "")]
    [InlineData(""" "dtype":"F32","shape":[0],"data_offsets":[0] """, "1 numbers")]
    [InlineData(""" "dtype":"F32","shape":[0],"data_offsets":[0,0,0] """, "3 numbers")]
    [InlineData(""" "dtype":"F32","shape":[0],"data_offsets":[0,NaN] """, "")]
    [InlineData(""" "dtype":"F32","shape":[0],"data_offsets":[0,0],"x":"\ud800" """, "surrogate")]
    [InlineData(""" "dtype":"F32","shape":[0],"data_offsets":[0,0],"x":[{"\ud800":1}] """, "surrogate")]
    [InlineData(""" "dtype":"F32","shape":[0],"data_offsets":[0,0],"x":[1e999] """, "range")]
    public void Malformed_entry_is_refused_and_named(string fields, string mention)
    {
        SafetensorsFormatException? error = Refusal(File("{\"bad.one\":{" + fields + "}}", 0));
        Assert.Equal(SafetensorsRule.InvalidHeaderDeserialization, error?.Rule);
        Assert.Equal("bad.one", error!.Tensor);
        Assert.Contains("bad.one", error.Message, StringComparison.Ordinal);
        Assert.Contains(mention, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test", "test")]
    [InlineData("a", "\\u0061")]
    [InlineData("é", "\\u00e9")]
    public void Name_given_twice_is_refused_after_unescaping(string first, string second)
    {
        const string Entry = """{"dtype":"F32","shape":[0],"data_offsets":[0,0]}""";
        SafetensorsFormatException? error = Refusal(File($$"""{"{{first}}":{{Entry}},"{{second}}":{{Entry}}}""", 0));
        Assert.Equal(SafetensorsRule.InvalidHeaderDeserialization, error?.Rule);
        Assert.Contains($"\"{first}\" is given twice", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(125, null)]
    [InlineData(126, SafetensorsRule.InvalidHeaderDeserialization)]
    [InlineData(5000, SafetensorsRule.InvalidHeaderDeserialization)]
    public void Nesting_is_limited_as_the_reference_limits_it(int arraysInsideTwoObjects, SafetensorsRule? rule)
    {
        string nested = new string('[', arraysInsideTwoObjects) + new string(']', arraysInsideTwoObjects);
        string header = """{"t":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"x":""" + nested + "}}";
        Assert.Equal(rule, Refusal(File(header, 0))?.Rule);
    }

    // Entries are "name dtype shape begin end"; with several faults the first tensor in offset order decides.
    [Theory]
    [InlineData(SafetensorsRule.InvalidOffset, "a", 20, "a U8 [16] 4 20")]
    [InlineData(SafetensorsRule.InvalidOffset, "b", 24, "a U8 [8] 0 8", "b U8 [8] 12 20")]
    [InlineData(SafetensorsRule.InvalidOffset, "b", 12, "a U8 [8] 0 8", "b U8 [8] 4 12")]
    [InlineData(SafetensorsRule.InvalidOffset, "b", 8, "a U8 [8] 0 8", "b U8 [8] 0 8")]
    [InlineData(SafetensorsRule.InvalidOffset, "b", 8, "a U8 [8] 0 8", "b U8 [4] 8 4")]
    [InlineData(SafetensorsRule.InvalidOffset, "z", 8, "a U8 [8] 0 8", "z U8 [0] 4 4")]
    [InlineData(SafetensorsRule.ValidationOverflow, "a", 16, "a I32 [2,18446744073709551614] 0 16")]
    [InlineData(SafetensorsRule.ValidationOverflow, "a", 16, "a I32 [2,9223372036854775807] 0 16")]
    [InlineData(SafetensorsRule.ValidationOverflow, "a", 16, "a I32 [4611686018427387905,4] 0 16")]
    [InlineData(SafetensorsRule.ValidationOverflow, "a", 0, $"a I32 [{TwoPow63},{TwoPow63},0] 0 0")]
    [InlineData(SafetensorsRule.ValidationOverflow, "a", 0, $"a F4 [{TwoPow63}] 0 0")]
    [InlineData(SafetensorsRule.MisalignedSlice, "a", 2, "a F4 [3] 0 2")]
    [InlineData(SafetensorsRule.MisalignedSlice, "a", 3, "a F6_E2M3 [3] 0 3")]
    [InlineData(SafetensorsRule.TensorInvalidInfo, "a", 4, "a I32 [2,2] 0 4")]
    [InlineData(SafetensorsRule.TensorInvalidInfo, "a", 20, "a I32 [2,2] 0 20")]
    [InlineData(SafetensorsRule.TensorInvalidInfo, "a", 16, "a I32 [0] 0 16")]
    [InlineData(SafetensorsRule.TensorInvalidInfo, "a", 4, "a F4 [4] 0 4")]
    [InlineData(SafetensorsRule.TensorInvalidInfo, "a", 8, "a U8 [4] 0 8", "b U8 [8] 9 17")]
    [InlineData(SafetensorsRule.MetadataIncompleteBuffer, null, 15, "a U8 [16] 0 16")]
    [InlineData(SafetensorsRule.MetadataIncompleteBuffer, null, 17, "a U8 [16] 0 16")]
    [InlineData(SafetensorsRule.MetadataIncompleteBuffer, null, 1)]
    [InlineData(null, null, 16, "b U8 [8] 8 16", "a U8 [8] 0 8")]
    [InlineData(null, null, 8, "a U8 [8] 0 8", "y U8 [0] 8 8", "z U8 [4,0] 8 8")]
    [InlineData(null, null, 0, $"a I32 [0,{TwoPow63},{TwoPow63}] 0 0")]
    [InlineData(null, null, 7, "a U8 [3] 0 3", "b F32 [] 3 7")]
    [InlineData(null, null, 3, "a F6_E3M2 [4] 0 3")]
    public void Tensors_tile_the_data(SafetensorsRule? rule, string? tensor, int dataLength, params string[] entries)
    {
        SafetensorsFormatException? error = Refusal(File(Header(entries), dataLength));
        Assert.Equal(rule, error?.Rule);
        Assert.Equal(tensor, error?.Tensor);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(" \t\r\n{} \t\r\n")]
    [InlineData("""{"__metadata__":null}""")]
    [InlineData("""{"":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""")]
    [InlineData("""{"t":{"x":{"y":[1,-2.5e3,true,null,"\ud83d\ude00"]},"dtype":"\u00463\u0032","shape":[0],"data_offsets":[0,0],"x":0}}""")]
    public void Unusual_but_valid_header_is_accepted(string header) => Assert.Null(Refusal(File(header, 0)));

    private static string Header(string[] entries) => "{" + string.Join(',', entries.Select(entry =>
    {
        string[] part = entry.Split(' ');
        return $$""" "{{part[0]}}":{"dtype":"{{part[1]}}","shape":{{part[2]}},"data_offsets":[{{part[3]}},{{part[4]}}]}""";
    })) + "}";
}
