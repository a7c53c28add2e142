namespace SeqInfer.Gpu.Runtime;

/// <summary>What stands after the colon of a device string: a number, and a precision after a comma where it is not single.</summary>
/// <param name="Number">The device's number, or null.</param>
/// <param name="Precision">How linear layers multiply.</param>
internal readonly record struct DeviceArgument(string? Number, MatrixPrecision Precision)
{
    /// <summary>Splits "1,tf32", "tf32" or "1"; what is neither stays part of the number, which will be refused.</summary>
    public static DeviceArgument Parse(string? argument)
    {
        if (argument is null)
            return new DeviceArgument(null, MatrixPrecision.Float32);
        int comma = argument.LastIndexOf(',');
        MatrixPrecision precision = argument[(comma + 1)..].ToUpperInvariant() switch
        {
            "TF32" => MatrixPrecision.Tf32,
            "BF16" => MatrixPrecision.Bf16,
            _ => MatrixPrecision.Float32,
        };
        if (precision == MatrixPrecision.Float32)
            return new DeviceArgument(argument, precision);
        return new DeviceArgument(comma < 0 ? null : argument[..comma], precision);
    }
}
