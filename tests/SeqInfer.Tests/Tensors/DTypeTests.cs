using SeqInfer.Tensors;

namespace SeqInfer.Tests.Tensors;

public class DTypeTests
{
    // Name, bits, kind (b: boolean, i: integer, f: float, c: complex), in the order of the format.
    private const string Format = """
        BOOL 8 b|F4 4 f|F6_E2M3 6 f|F6_E3M2 6 f|U8 8 i|I8 8 i|F8_E5M2 8 f|F8_E4M3 8 f|F8_E8M0 8 f|F8_E4M3FNUZ 8 f|F8_E5M2FNUZ 8 f
        |I16 16 i|U16 16 i|F16 16 f|BF16 16 f|I32 32 i|U32 32 i|F32 32 f|C64 64 c|F64 64 f|I64 64 i|U64 64 i
        """;

    [Fact]
    public void Table_is_the_formats()
    {
        string actual = string.Join('|', Enum.GetValues<DType>().Select(dtype =>
        {
            char kind = dtype.IsInteger() ? 'i' : dtype.IsFloat() ? 'f' : dtype == DType.Bool ? 'b' : 'c';
            return $"{dtype.SafetensorsName()} {dtype.Bits()} {kind}";
        }));
        Assert.Equal(Format.ReplaceLineEndings(""), actual);
    }

    [Fact]
    public void Names_parse_back_and_case_matters()
    {
        foreach (DType dtype in Enum.GetValues<DType>())
        {
            Assert.True(DTypeExtensions.TryParseSafetensors(dtype.SafetensorsName(), out DType parsed));
            Assert.Equal(dtype, parsed);
        }

        Assert.False(DTypeExtensions.TryParseSafetensors("f32", out _));
        Assert.False(DTypeExtensions.TryParseSafetensors("", out _));
    }
}
