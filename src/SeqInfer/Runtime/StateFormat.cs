using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SeqInfer.Runtime;

/// <summary>
/// Saved states, little-endian: "SQST", version, the model's fingerprint, window, number of events, how many ids and numbers there are and how many
/// bytes a number has, the ids, the numbers, and the first bytes of the SHA-256 of all that.
/// </summary>
/// <remarks>Numbers are floats, or doubles where a device made them that computes in double; either is read whatever the device computes in.</remarks>
internal static class StateFormat
{
    private const uint Magic = 0x54535153;
    private const int Version = 2;
    private const int ChecksumLength = 8;
    private const int BodyHeaderLength = 24;
    private const int HeaderLength = 8 + SHA256.HashSizeInBytes + BodyHeaderLength;

    public static byte[] Write(SequenceState state)
    {
        ReadOnlySpan<int> history = state.History;
        ReadOnlySpan<byte> values = state.ValueBytes;
        byte[] bytes = new byte[checked(HeaderLength + (sizeof(int) * history.Length) + values.Length + ChecksumLength)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Version);
        state.Model.Fingerprint.CopyTo(bytes.AsSpan(8));
        Span<byte> rest = bytes.AsSpan(8 + SHA256.HashSizeInBytes);
        BinaryPrimitives.WriteInt32LittleEndian(rest, (int)state.Window);
        BinaryPrimitives.WriteInt64LittleEndian(rest[4..], state.EventCount);
        BinaryPrimitives.WriteInt32LittleEndian(rest[12..], history.Length);
        BinaryPrimitives.WriteInt32LittleEndian(rest[16..], values.Length / state.ValueSize);
        BinaryPrimitives.WriteInt32LittleEndian(rest[20..], state.ValueSize);
        rest = rest[BodyHeaderLength..];
        foreach (int id in history)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, id);
            rest = rest[sizeof(int)..];
        }

        CopyLittleEndian(values, state.ValueSize, rest);
        rest = rest[values.Length..];
        Checksum(bytes.AsSpan(0, bytes.Length - ChecksumLength), rest);
        return bytes;
    }

    /// <exception cref="StateException">The bytes are not a state of this model.</exception>
    public static SequenceState Read(SequenceModel model, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            throw new StateException("the bytes are no saved state");
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (version != Version)
            throw new StateException($"version {version}, expected {Version}");
        if (bytes.Length < HeaderLength + ChecksumLength)
            throw new StateException($"{bytes.Length} bytes are too few");
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        Checksum(bytes[..^ChecksumLength], checksum);
        if (!checksum.SequenceEqual(bytes[^ChecksumLength..]))
            throw new StateException("damaged: the checksum differs");
        ReadOnlySpan<byte> fingerprint = bytes.Slice(8, SHA256.HashSizeInBytes);
        if (!fingerprint.SequenceEqual(model.Fingerprint))
            throw new StateException($"made by another model, {Convert.ToHexStringLower(fingerprint)[..16]}..., not by '{model.Path}', {Convert.ToHexStringLower(model.Fingerprint)[..16]}...");
        return ReadBody(model, bytes[(8 + SHA256.HashSizeInBytes)..^ChecksumLength]);
    }

    private static SequenceState ReadBody(SequenceModel model, ReadOnlySpan<byte> body)
    {
        var window = (StateWindow)BinaryPrimitives.ReadInt32LittleEndian(body);
        long eventCount = BinaryPrimitives.ReadInt64LittleEndian(body[4..]);
        int historyCount = BinaryPrimitives.ReadInt32LittleEndian(body[12..]);
        int valueCount = BinaryPrimitives.ReadInt32LittleEndian(body[16..]);
        int valueSize = BinaryPrimitives.ReadInt32LittleEndian(body[20..]);
        body = body[BodyHeaderLength..];
        if (!Enum.IsDefined(window)
            || historyCount < 0
            || valueCount < 0
            || valueSize is not (sizeof(float) or sizeof(double))
            || body.Length != ((long)sizeof(int) * historyCount) + ((long)valueSize * valueCount))
            throw new StateException($"window {window}, {historyCount} ids and {valueCount} numbers of {valueSize} bytes do not fit {body.Length} bytes");
        SequenceState state = model.CreateState(window);
        int[] history = new int[historyCount];
        for (int i = 0; i < historyCount; i++)
            history[i] = BinaryPrimitives.ReadInt32LittleEndian(body[(sizeof(int) * i)..]);
        if (!state.TryRestore(eventCount, history, valueCount))
            throw new StateException($"{historyCount} ids and {valueCount} numbers are not what {eventCount} events leave");
        ReadValues(body[(sizeof(int) * historyCount)..], valueSize, state);
        return state;
    }

    private static void ReadValues(ReadOnlySpan<byte> values, int size, SequenceState state)
    {
        Span<byte> target = state.ValueBytes;
        if (size == state.ValueSize)
        {
            CopyLittleEndian(values, size, target);
            return;
        }

        for (; !values.IsEmpty; values = values[size..], target = target[state.ValueSize..])
        {
            if (size == sizeof(float))
                MemoryMarshal.Write(target, (double)BinaryPrimitives.ReadSingleLittleEndian(values));
            else
                MemoryMarshal.Write(target, (float)BinaryPrimitives.ReadDoubleLittleEndian(values));
        }
    }

    /// <summary>Copies numbers between this machine's order of bytes and little-endian; either way is the same.</summary>
    private static void CopyLittleEndian(ReadOnlySpan<byte> source, int size, Span<byte> target)
    {
        source.CopyTo(target);
        for (int i = 0; i < source.Length && !BitConverter.IsLittleEndian; i += size)
            target.Slice(i, size).Reverse();
    }

    private static void Checksum(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        hash[..ChecksumLength].CopyTo(target);
    }
}
