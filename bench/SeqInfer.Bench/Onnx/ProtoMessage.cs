using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace SeqInfer.Bench.Onnx;

/// <summary>
/// A protocol buffer message that is only ever written. Lengths are known before the first byte is, so large arrays are copied once, and
/// repeated numbers are written unpacked, which every reader accepts.
/// </summary>
internal sealed class ProtoMessage
{
    private const int VarintWire = 0;
    private const int LengthDelimitedWire = 2;
    private const int Fixed32Wire = 5;

    private readonly List<Field> _fields = [];

    /// <summary>Bytes of the message, without the length that precedes a nested one.</summary>
    public long Length => _fields.Sum(item => item.Length);

    /// <summary>An int32, int64 or enumeration; negative values take ten bytes.</summary>
    public ProtoMessage Add(int field, long value) => Add(new Field(field, VarintWire, (ulong)value, null, null));

    public ProtoMessage Add(int field, float value) => Add(new Field(field, Fixed32Wire, BitConverter.SingleToUInt32Bits(value), null, null));

    public ProtoMessage Add(int field, string value) => Add(new Field(field, LengthDelimitedWire, 0, Encoding.UTF8.GetBytes(value), null));

    /// <summary>The elements of an array in memory order, as a bytes field; the array is read when the message is written.</summary>
    public ProtoMessage AddRaw(int field, Array values) => Add(new Field(field, LengthDelimitedWire, 0, values, null));

    /// <summary>A nested message; it may still grow.</summary>
    public ProtoMessage Add(int field, ProtoMessage value) => Add(new Field(field, LengthDelimitedWire, 0, null, value));

    public ProtoMessage AddAll(int field, IEnumerable<long> values)
    {
        foreach (long value in values)
            Add(field, value);
        return this;
    }

    public ProtoMessage AddAll(int field, IEnumerable<string> values)
    {
        foreach (string value in values)
            Add(field, value);
        return this;
    }

    public ProtoMessage AddAll(int field, IEnumerable<ProtoMessage> values)
    {
        foreach (ProtoMessage value in values)
            Add(field, value);
        return this;
    }

    /// <summary>The message as bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        Write(bytes);
        return bytes;
    }

    private ProtoMessage Add(Field field)
    {
        _fields.Add(field);
        return this;
    }

    private Span<byte> Write(Span<byte> target)
    {
        foreach (Field field in _fields)
            target = field.Write(target);
        return target;
    }

    private static int LengthOf(ulong varint) => (Math.Max(1, 64 - (int)ulong.LeadingZeroCount(varint)) + 6) / 7;

    private static Span<byte> Write(Span<byte> target, ulong varint)
    {
        int i = 0;
        for (; varint >= 0x80; varint >>= 7)
            target[i++] = (byte)(varint | 0x80);
        target[i++] = (byte)varint;
        return target[i..];
    }

    private readonly record struct Field(int Number, int Wire, ulong Value, Array? Bytes, ProtoMessage? Child)
    {
        private ulong Tag => ((ulong)Number << 3) | (uint)Wire;

        private long PayloadLength => Child?.Length ?? Buffer.ByteLength(Bytes!);

        public long Length => LengthOf(Tag) + Wire switch
        {
            VarintWire => LengthOf(Value),
            Fixed32Wire => sizeof(uint),
            _ => LengthOf((ulong)PayloadLength) + PayloadLength,
        };

        public Span<byte> Write(Span<byte> target)
        {
            target = ProtoMessage.Write(target, Tag);
            switch (Wire)
            {
                case VarintWire:
                    return ProtoMessage.Write(target, Value);
                case Fixed32Wire:
                    BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)Value);
                    return target[sizeof(uint)..];
                default:
                    target = ProtoMessage.Write(target, (ulong)PayloadLength);
                    if (Child is not null)
                        return Child.Write(target);
                    var bytes = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(Bytes!), Buffer.ByteLength(Bytes!));
                    bytes.CopyTo(target);
                    return target[bytes.Length..];
            }
        }
    }
}
