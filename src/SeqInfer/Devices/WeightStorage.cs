namespace SeqInfer.Devices;

/// <summary>How a device holds the matrices of linear layers and recurrent cells. Biases and everything else stay as they are.</summary>
/// <remarks>A row's result does not depend on its batch with any of them.</remarks>
public enum WeightStorage
{
    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>
    /// bfloat16, each weight rounded to the nearest (ties to even), as torch's <c>.to(torch.bfloat16)</c>: half the memory; the arithmetic is that
    /// of <see cref="Float32"/>. A weight that is a bfloat16 value already loses nothing.
    /// </summary>
    BFloat16,

    /// <summary>
    /// Integers of -127 .. 127 times a factor for each output unit (row of the matrix), the largest magnitude of the unit over 127: a quarter of the
    /// memory. The layer's input is rounded as well, to integers of at most 16 bits times a power of two for each row, whatever the batch; the
    /// products are added up exactly. An input row that holds a NaN or an infinity gives NaN.
    /// </summary>
    Int8,
}
