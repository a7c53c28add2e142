namespace SeqInfer.Tensors;

/// <summary>The upper half of single precision: eight bits of exponent, seven of mantissa.</summary>
internal static class BFloat16
{
    /// <summary>The nearest one, ties to even; a NaN stays one.</summary>
    public static ushort Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        bits = float.IsNaN(value) ? bits | 0x00400000 : bits + 0x7FFF + ((bits >> 16) & 1);
        return (ushort)(bits >> 16);
    }

    /// <summary>Whether rounding leaves all values as they are.</summary>
    public static bool AreExact(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if ((BitConverter.SingleToUInt32Bits(value) & 0xFFFF) != 0)
                return false;
        }

        return true;
    }
}
