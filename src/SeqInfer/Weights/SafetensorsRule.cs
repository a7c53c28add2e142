namespace SeqInfer.Weights;

/// <summary>
/// The rules of the safetensors format, named after the error variants of the reference reader and in the order in which they are checked.
/// </summary>
public enum SafetensorsRule
{
    /// <summary>The file cannot be opened, mapped, read or written.</summary>
    Io,

    /// <summary>The file is shorter than the 8 bytes of the header length.</summary>
    HeaderTooSmall,

    /// <summary>The header length exceeds 100,000,000 bytes.</summary>
    HeaderTooLarge,

    /// <summary>The header ends after the end of the file.</summary>
    InvalidHeaderLength,

    /// <summary>The header is not UTF-8.</summary>
    InvalidHeader,

    /// <summary>The header is not one JSON object of well-formed tensor entries, or it names something twice.</summary>
    InvalidHeaderDeserialization,

    /// <summary>Offsets leave a hole, overlap, or end before they begin.</summary>
    InvalidOffset,

    /// <summary>The size of shape and dtype exceeds 64 bits.</summary>
    ValidationOverflow,

    /// <summary>The elements of a 4- or 6-bit dtype do not fill whole bytes.</summary>
    MisalignedSlice,

    /// <summary>The range of the offsets is not the size of shape and dtype.</summary>
    TensorInvalidInfo,

    /// <summary>The last tensor does not end where the file ends.</summary>
    MetadataIncompleteBuffer,

    /// <summary>A tensor was asked for by a name that the file does not have.</summary>
    TensorNotFound,

    /// <summary>The data given for a tensor does not have the size of its shape and dtype.</summary>
    InvalidTensorView,
}
