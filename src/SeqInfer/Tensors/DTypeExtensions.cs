namespace SeqInfer.Tensors;

/// <summary>Sizes, names and kinds of <see cref="DType"/> values.</summary>
public static class DTypeExtensions
{
    private static readonly (string Name, int Bits)[] Table =
    [
        ("BOOL", 8), ("F4", 4), ("F6_E2M3", 6), ("F6_E3M2", 6), ("U8", 8), ("I8", 8),
        ("F8_E5M2", 8), ("F8_E4M3", 8), ("F8_E8M0", 8), ("F8_E4M3FNUZ", 8), ("F8_E5M2FNUZ", 8),
        ("I16", 16), ("U16", 16), ("F16", 16), ("BF16", 16), ("I32", 32), ("U32", 32), ("F32", 32),
        ("C64", 64), ("F64", 64), ("I64", 64), ("U64", 64),
    ];

    /// <summary>Every safetensors name, in the order of the enum.</summary>
    public static IReadOnlyList<string> SafetensorsNames { get; } = Array.ConvertAll(Table, row => row.Name);

    /// <summary>Bits per element: 4, 6, 8, 16, 32 or 64.</summary>
    public static int Bits(this DType dtype) => Table[(int)dtype].Bits;

    /// <summary>The name in a safetensors header, for example <c>F8_E4M3</c>.</summary>
    public static string SafetensorsName(this DType dtype) => Table[(int)dtype].Name;

    /// <summary>Reads a safetensors name; case matters.</summary>
    public static bool TryParseSafetensors(string name, out DType dtype)
    {
        for (int i = 0; i < Table.Length; i++)
        {
            if (Table[i].Name == name)
            {
                dtype = (DType)i;
                return true;
            }
        }

        dtype = default;
        return false;
    }

    /// <summary>True for real floating-point types of any width; false for <see cref="DType.C64"/>.</summary>
    public static bool IsFloat(this DType dtype) => dtype switch
    {
        DType.F4 or DType.F6E2M3 or DType.F6E3M2 => true,
        >= DType.F8E5M2 and <= DType.F8E5M2Fnuz => true,
        DType.F16 or DType.BF16 or DType.F32 or DType.F64 => true,
        _ => false,
    };

    /// <summary>True for signed and unsigned integers; false for <see cref="DType.Bool"/>.</summary>
    public static bool IsInteger(this DType dtype) => dtype
        is DType.U8 or DType.I8 or DType.I16 or DType.U16 or DType.I32 or DType.U32 or DType.I64 or DType.U64;

    /// <summary>True where elements convert to <c>float</c> and <c>double</c>: F16, BF16, F32, F64, every integer and BOOL.</summary>
    public static bool IsConvertible(this DType dtype)
        => dtype is DType.Bool or DType.F16 or DType.BF16 or DType.F32 or DType.F64 || dtype.IsInteger();
}
