using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>
/// Writes safetensors files: tensors by descending dtype, then by name (in the order of its UTF-8 bytes), the header padded with spaces so
/// that the data starts at a multiple of 8. One tensor at a time is streamed; nothing but the header is buffered.
/// </summary>
public static class SafetensorsWriter
{
    private const string StreamName = "(stream)";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Writes a file atomically: readers of <paramref name="path"/> see the old file or the whole new one, and a mapping of the old one
    /// stays valid.
    /// </summary>
    /// <exception cref="SafetensorsFormatException">The tensors cannot make up a valid file, or the file cannot be written.</exception>
    public static void Write(string path, IEnumerable<TensorData> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        Plan plan = new(path, tensors, metadata);
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            try
            {
                using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                {
                    plan.WriteTo(stream);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SafetensorsFormatException(path, null, SafetensorsRule.Io, error.Message, error);
        }
    }

    /// <summary>Writes to a stream, from its position on; the stream stays open.</summary>
    /// <exception cref="SafetensorsFormatException">The tensors cannot make up a valid file.</exception>
    /// <exception cref="IOException">The stream fails.</exception>
    public static void Write(Stream stream, IEnumerable<TensorData> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        new Plan(StreamName, tensors, metadata).WriteTo(stream);
    }

    /// <summary>A checked, ordered set of tensors.</summary>
    private sealed class Plan
    {
        private readonly string _file;
        private readonly (TensorData Tensor, byte[] Name, long Length)[] _tensors;
        private readonly byte[] _header;

        public Plan(string file, IEnumerable<TensorData> tensors, IReadOnlyDictionary<string, string>? metadata)
        {
            _file = file;
            _tensors = [.. tensors.Select(Measure)];
            Array.Sort(_tensors, static (left, right) =>
            {
                int order = right.Tensor.DType.CompareTo(left.Tensor.DType);
                return order == 0 ? left.Name.AsSpan().SequenceCompareTo(right.Name) : order;
            });
            _header = Header(metadata);
        }

        public void WriteTo(Stream stream)
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)_header.Length);
            stream.Write(length);
            stream.Write(_header);
            foreach ((TensorData tensor, _, long expected) in _tensors)
            {
                using BoundedStream bounded = new(stream, expected);
                tensor.WriteTo(bounded);
                if (bounded.Written != expected) throw WrongLength(tensor, expected, $"{bounded.Written}");
            }
        }

        private SafetensorsFormatException WrongLength(TensorData tensor, long expected, string actual) => new(
            _file, tensor.Name, SafetensorsRule.InvalidTensorView,
            $"{tensor.DType.SafetensorsName()}{tensor.Shape} takes {expected} bytes, {actual} were given");

        private (TensorData Tensor, byte[] Name, long Length) Measure(TensorData tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            ulong length = SafetensorsLayout.ByteLength(_file, tensor.Name, tensor.DType, tensor.Shape);
            return length <= long.MaxValue
                ? (tensor, Encode(tensor.Name, tensor.Name), (long)length)
                : throw new SafetensorsFormatException(
                    _file, tensor.Name, SafetensorsRule.ValidationOverflow, $"{length} bytes exceed any file");
        }

        private byte[] Header(IReadOnlyDictionary<string, string>? metadata)
        {
            ArrayBufferWriter<byte> buffer = new();
            JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
            using (Utf8JsonWriter json = new(buffer, options))
            {
                json.WriteStartObject();
                if (metadata is not null) WriteMetadata(json, metadata);
                WriteEntries(json);
                json.WriteEndObject();
            }

            int padding = (8 - (buffer.WrittenCount % 8)) % 8;
            buffer.GetSpan(8)[..padding].Fill((byte)' ');
            buffer.Advance(padding);
            return buffer.WrittenCount <= SafetensorsFile.MaxHeaderLength
                ? buffer.WrittenSpan.ToArray()
                : throw new SafetensorsFormatException(
                    _file, null, SafetensorsRule.HeaderTooLarge,
                    $"the header takes {buffer.WrittenCount} bytes, at most {SafetensorsFile.MaxHeaderLength} are allowed");
        }

        private void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
        {
            json.WriteStartObject(SafetensorsHeader.MetadataKey);
            foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                json.WriteString(Encode(null, key), Encode(null, value));
            json.WriteEndObject();
        }

        private void WriteEntries(Utf8JsonWriter json)
        {
            HashSet<string> names = new(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
            long end = 0;
            foreach ((TensorData tensor, byte[] name, long length) in _tensors)
            {
                if (!names.Add(tensor.Name))
                {
                    throw new SafetensorsFormatException(
                        _file, tensor.Name, SafetensorsRule.InvalidHeaderDeserialization, "the name is reserved or given twice");
                }

                if (length > long.MaxValue - SafetensorsFile.MaxHeaderLength - sizeof(ulong) - end)
                {
                    throw new SafetensorsFormatException(
                        _file, tensor.Name, SafetensorsRule.ValidationOverflow, $"{length} bytes after {end} exceed any file");
                }

                json.WriteStartObject(name);
                json.WriteString("dtype"u8, tensor.DType.SafetensorsName());
                json.WriteStartArray("shape"u8);
                foreach (ulong dimension in tensor.Shape.Dimensions) json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets"u8);
                json.WriteNumberValue(end);
                json.WriteNumberValue(end += length);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }

        private byte[] Encode(string? tensor, string text)
        {
            try
            {
                return StrictUtf8.GetBytes(text);
            }
            catch (EncoderFallbackException error)
            {
                throw new SafetensorsFormatException(
                    _file, tensor, SafetensorsRule.InvalidHeader, "a name or metadata string has an unpaired surrogate", error);
            }
        }
    }
}
