namespace SeqInfer.Tensors;

/// <summary>
/// The element types a safetensors file can hold, in the format's own order (increasing alignment), which is also the order that
/// decides where the writer places a tensor.
/// </summary>
public enum DType
{
    /// <summary>One byte, 0 or 1; any other value reads as true.</summary>
    Bool,

    /// <summary>4-bit float, two elements a byte (MX E2M1).</summary>
    F4,

    /// <summary>6-bit float: 2 exponent bits, 3 mantissa bits.</summary>
    F6E2M3,

    /// <summary>6-bit float: 3 exponent bits, 2 mantissa bits.</summary>
    F6E3M2,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>8-bit float: 5 exponent bits, 2 mantissa bits.</summary>
    F8E5M2,

    /// <summary>8-bit float: 4 exponent bits, 3 mantissa bits, no infinities.</summary>
    F8E4M3,

    /// <summary>8-bit power-of-two scale: 8 exponent bits.</summary>
    F8E8M0,

    /// <summary>8-bit float E4M3, finite, with an unsigned zero.</summary>
    F8E4M3Fnuz,

    /// <summary>8-bit float E5M2, finite, with an unsigned zero.</summary>
    F8E5M2Fnuz,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE 754 binary16.</summary>
    F16,

    /// <summary>The upper half of a binary32.</summary>
    BF16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>Complex number of two binary32.</summary>
    C64,

    /// <summary>IEEE 754 binary64.</summary>
    F64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
}
