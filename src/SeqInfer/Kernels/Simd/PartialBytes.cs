using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SeqInfer.Kernels.Simd;

/// <summary>Loads the tail of a row of narrow elements without passing its end, by overlapping loads of falling size.</summary>
internal static unsafe class PartialBytes
{
    /// <summary>The first <paramref name="count"/> bytes, at most 16 of them; zeros behind. None if the count is not positive.</summary>
    public static Vector128<byte> Load16(void* p, int count) =>
        Vector128.Create(Load8(p, count), Load8((byte*)p + 8, count - 8)).AsByte();

    /// <summary>The first <paramref name="count"/> bytes, at most 8 of them; zeros behind. None if the count is not positive.</summary>
    public static ulong Load8(void* p, int count)
    {
        byte* bytes = (byte*)p;
        return count switch
        {
            >= 8 => Unsafe.ReadUnaligned<ulong>(bytes),
            >= 4 => Unsafe.ReadUnaligned<uint>(bytes) | ((ulong)Unsafe.ReadUnaligned<uint>(bytes + count - 4) << (8 * (count - 4))),
            >= 2 => Unsafe.ReadUnaligned<ushort>(bytes) | ((ulong)Unsafe.ReadUnaligned<ushort>(bytes + count - 2) << (8 * (count - 2))),
            1 => *bytes,
            _ => 0,
        };
    }
}
