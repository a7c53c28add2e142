using System.Buffers.Binary;
using System.Text;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

/// <summary>Builds safetensors files by hand, valid or not.</summary>
internal static class SafetensorsBytes
{
    /// <summary>An I32 [2, 2] tensor named "test"; 16 bytes of data belong to it.</summary>
    public const string TestEntry = """{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}""";

    public static byte[] File(string header, int dataLength) => File(Encoding.UTF8.GetBytes(header), new byte[dataLength]);

    public static byte[] File(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data) => File((ulong)header.Length, header, data);

    /// <summary>With a length that need not be the header's.</summary>
    public static byte[] File(ulong length, ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        byte[] file = new byte[sizeof(ulong) + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        header.CopyTo(file.AsSpan(sizeof(ulong)));
        data.CopyTo(file.AsSpan(sizeof(ulong) + header.Length));
        return file;
    }

    /// <summary>Opens the bytes as a file; the mapping outlives the file's name.</summary>
    public static SafetensorsFile Open(ReadOnlySpan<byte> bytes)
    {
        using TemporaryFolder folder = new();
        return SafetensorsFile.Open(folder.Write("bytes.safetensors", bytes));
    }

    /// <summary>The rule that the bytes break, or null.</summary>
    public static SafetensorsFormatException? Refusal(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using SafetensorsFile file = Open(bytes);
            return null;
        }
        catch (SafetensorsFormatException error)
        {
            return error;
        }
    }
}
