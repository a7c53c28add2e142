using SeqInfer.Bench.Onnx;

namespace SeqInfer.Bench.Tests.Onnx;

/// <summary>The wire format, byte for byte as the protocol buffer encoding guide defines it.</summary>
public class ProtoMessageTests
{
    [Theory]
    [InlineData(0, "08-00")]
    [InlineData(1, "08-01")]
    [InlineData(127, "08-7F")]
    [InlineData(128, "08-80-01")]
    [InlineData(150, "08-96-01")]
    [InlineData(16_383, "08-FF-7F")]
    [InlineData(16_384, "08-80-80-01")]
    [InlineData(-1, "08-FF-FF-FF-FF-FF-FF-FF-FF-FF-01")]
    [InlineData(long.MaxValue, "08-FF-FF-FF-FF-FF-FF-FF-FF-7F")]
    [InlineData(long.MinValue, "08-80-80-80-80-80-80-80-80-80-01")]
    public void An_integer_is_a_varint(long value, string bytes) => Assert.Equal(bytes, Hex(new ProtoMessage().Add(1, value)));

    [Fact]
    public void A_field_number_above_15_takes_two_bytes() => Assert.Equal("A0-01-02", Hex(new ProtoMessage().Add(20, 2)));

    [Fact]
    public void A_float_is_four_little_endian_bytes() => Assert.Equal("15-00-00-C0-3F", Hex(new ProtoMessage().Add(2, 1.5f)));

    [Fact]
    public void A_text_is_its_length_and_its_utf8_bytes() => Assert.Equal("12-05-74-C3-A4-73-74", Hex(new ProtoMessage().Add(2, "täst")));

    [Fact]
    public void An_array_is_its_bytes_in_memory() =>
        Assert.Equal("4A-08-00-00-80-3F-00-00-00-C0", Hex(new ProtoMessage().AddRaw(9, new[] { 1f, -2f })));

    [Fact]
    public void A_nested_message_is_preceded_by_its_length_even_where_it_grows_later()
    {
        var inner = new ProtoMessage().Add(1, 150);
        ProtoMessage outer = new ProtoMessage().Add(3, inner);
        Assert.Equal("1A-03-08-96-01", Hex(outer));
        inner.Add(2, "a");
        Assert.Equal("1A-06-08-96-01-12-01-61", Hex(outer));
    }

    [Fact]
    public void Lists_repeat_the_field() => Assert.Equal("08-01-08-02-12-01-61-12-00", Hex(new ProtoMessage().AddAll(1, [1L, 2L]).AddAll(2, ["a", ""])));

    [Fact]
    public void A_long_message_has_a_long_length()
    {
        byte[] bytes = new ProtoMessage().Add(1, new ProtoMessage().AddRaw(2, new byte[300])).ToArray();
        Assert.Equal(300 + 3 + 3, bytes.Length);
        Assert.Equal("0A-AF-02-12-AC-02", BitConverter.ToString(bytes, 0, 6));
    }

    private static string Hex(ProtoMessage message) => BitConverter.ToString(message.ToArray());
}
