using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SeqInfer.Models;
using SeqInfer.Weights;

namespace SeqInfer.Runtime;

/// <summary>The SHA-256 of a model's configuration and of every tensor's name, type, shape and bytes.</summary>
internal static class ModelFingerprint
{
    private const int ChunkLength = 1 << 20;

    public static byte[] Compute(ModelConfig config, IReadOnlyList<TensorInfo> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, config.CanonicalText());
        byte[] chunk = new byte[(int)Math.Min(ChunkLength, tensors.Select(tensor => tensor.ByteLength).DefaultIfEmpty().Max())];
        foreach (TensorInfo tensor in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            Append(hash, tensor.ToString());
            for (long offset = 0; offset < tensor.ByteLength; offset += chunk.Length)
            {
                Span<byte> part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, tensor.ByteLength - offset));
                tensor.CopyBytes(offset, part);
                hash.AppendData(part);
            }
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Length first, so that no two lists of texts give the same bytes.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
