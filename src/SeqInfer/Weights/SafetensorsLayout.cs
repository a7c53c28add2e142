using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>A tensor entry of a safetensors header, as it was written: nothing about it has been checked against the file.</summary>
internal sealed record SafetensorsEntry(string Name, DType DType, Shape Shape, ulong Begin, ulong End);

/// <summary>The rules that tie entries to the data section.</summary>
internal static class SafetensorsLayout
{
    /// <summary>Sorts the entries by offset and checks that they tile the data section exactly.</summary>
    /// <param name="file">Path for messages.</param>
    /// <param name="entries">Sorted in place.</param>
    /// <param name="dataLength">Bytes after the header.</param>
    /// <exception cref="SafetensorsFormatException">Rules 8 to 12 of the format: offsets, overflow, whole bytes, size, end of file.</exception>
    public static void Check(string file, List<SafetensorsEntry> entries, ulong dataLength)
    {
        entries.Sort(CompareOffsets);
        ulong end = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != end || entry.End < entry.Begin)
            {
                throw new SafetensorsFormatException(
                    file, entry.Name, SafetensorsRule.InvalidOffset,
                    $"data_offsets [{entry.Begin}, {entry.End}] must begin at {end}, where the data before ends, and not end before it");
            }

            ulong expected = ByteLength(file, entry.Name, entry.DType, entry.Shape);
            if (entry.End - entry.Begin != expected)
            {
                throw new SafetensorsFormatException(
                    file, entry.Name, SafetensorsRule.TensorInvalidInfo,
                    $"{entry.DType.SafetensorsName()}{entry.Shape} takes {expected} bytes, "
                    + $"data_offsets [{entry.Begin}, {entry.End}] span {entry.End - entry.Begin}");
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw new SafetensorsFormatException(
                file, null, SafetensorsRule.MetadataIncompleteBuffer,
                $"the tensors end at byte {end} of the data, the file has {dataLength} bytes of data");
        }
    }

    /// <summary>Bytes of a tensor.</summary>
    /// <exception cref="SafetensorsFormatException">The size exceeds 64 bits, or is not a whole number of bytes.</exception>
    public static ulong ByteLength(string file, string name, DType dtype, Shape shape)
    {
        ulong elementBits = (ulong)dtype.Bits();
        if (!shape.TryGetElementCount(out ulong count) || (count > ulong.MaxValue / elementBits))
        {
            throw new SafetensorsFormatException(
                file, name, SafetensorsRule.ValidationOverflow,
                $"the size of {dtype.SafetensorsName()}{shape} exceeds {ulong.MaxValue} bits");
        }

        ulong bits = count * elementBits;
        return bits % 8 == 0
            ? bits / 8
            : throw new SafetensorsFormatException(
                file, name, SafetensorsRule.MisalignedSlice, $"{dtype.SafetensorsName()}{shape} takes {bits} bits, not whole bytes");
    }

    /// <summary>Checks data that is offered for a tensor.</summary>
    /// <exception cref="SafetensorsFormatException">The data does not have the size of shape and dtype.</exception>
    public static void CheckDataLength(string file, string name, DType dtype, Shape shape, ulong length)
    {
        ulong expected = ByteLength(file, name, dtype, shape);
        if (length != expected)
        {
            throw new SafetensorsFormatException(
                file, name, SafetensorsRule.InvalidTensorView,
                $"{dtype.SafetensorsName()}{shape} takes {expected} bytes, {length} were given");
        }
    }

    private static int CompareOffsets(SafetensorsEntry left, SafetensorsEntry right)
    {
        int order = left.Begin.CompareTo(right.Begin);
        if (order == 0) order = left.End.CompareTo(right.End);
        return order == 0 ? string.CompareOrdinal(left.Name, right.Name) : order;
    }
}
