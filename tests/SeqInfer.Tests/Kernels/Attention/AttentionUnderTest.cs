using SeqInfer.Kernels.Attention;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels.Attention;

/// <summary>The attention kernel of one instruction set, with every operand against a guard page.</summary>
internal abstract class AttentionUnderTest
{
    /// <summary>All instruction sets, for theories.</summary>
    public static TheoryData<Isa> AllIsas => [.. Enum.GetValues<Isa>()];

    /// <summary>The kernel of <paramref name="isa"/>; the test is skipped, visibly, where the process does not support it.</summary>
    public static AttentionUnderTest For(Isa isa)
    {
        AttentionUnderTest? kernel = IsaDispatch.TryCreate<Factory, AttentionUnderTest>(isa, default);
        Skip.If(kernel is null, $"This process does not support {IsaDetection.NameOf(isa)}.");
        return kernel!;
    }

    /// <summary>The output rows, one after the other.</summary>
    public abstract float[] Run(AttentionCase attention);

    private readonly struct Factory : IIsaVisitor<AttentionUnderTest>
    {
        public AttentionUnderTest Visit<V>()
            where V : unmanaged, ISimd<V> =>
            new OfWidth<V>();
    }

    private sealed unsafe class OfWidth<V> : AttentionUnderTest
        where V : unmanaged, ISimd<V>
    {
        public override float[] Run(AttentionCase attention)
        {
            int size = attention.HeadSize;
            using GuardedMemory<float> query = GuardedMemory<float>.Of(attention.Query, atEnd: true);
            using GuardedMemory<float> key = GuardedMemory<float>.Of(attention.Key, atEnd: true);
            using GuardedMemory<float> value = GuardedMemory<float>.Of(attention.Value, atEnd: true);
            using GuardedMemory<float> prefixKey = GuardedMemory<float>.Of(attention.PrefixKey, atEnd: true);
            using GuardedMemory<float> prefixValue = GuardedMemory<float>.Of(attention.PrefixValue, atEnd: true);
            using GuardedMemory<float> output = GuardedMemory<float>.AtEnd(attention.Query.Length);
            using GuardedMemory<float> panels = GuardedMemory<float>.AtEnd((int)Panel<V>.SizeFor(attention.KeyCount, size));
            using GuardedMemory<float> prefixPanels = GuardedMemory<float>.AtEnd((int)Panel<V>.SizeFor(attention.PrefixCount, size));
            using GuardedMemory<float> scratch = GuardedMemory<float>.AtEnd((int)AttentionKernel<V>.ScratchFor(size), alignment: 64);

            // What a workspace holds before is undefined
            panels.Span.Fill(float.NaN);
            prefixPanels.Span.Fill(float.NaN);
            scratch.Span.Fill(float.NaN);
            KeyPanels<V>.Pack(key.Pointer, size, attention.KeyCount, size, panels.Pointer);
            KeyPanels<V>.Pack(prefixKey.Pointer, size, attention.PrefixCount, size, prefixPanels.Pointer);
            AttentionHead head = new()
            {
                Query = query.Pointer,
                QueryStride = size,
                QueryCount = attention.QueryCount,
                KeyPanels = panels.Pointer,
                KeyCount = attention.KeyCount,
                Value = value.Pointer,
                ValueStride = size,
                Output = output.Pointer,
                OutputStride = size,
                HeadSize = size,
                Scale = attention.Scale,
                Causal = attention.Causal,
                PrefixPanels = prefixPanels.Pointer,
                PrefixCount = attention.PrefixCount,
                PrefixValue = prefixValue.Pointer,
                PrefixValueStride = size,
                PrefixMultiplicity = attention.PrefixMultiplicity,
            };
            AttentionKernel<V>.Run(head, scratch.Pointer);
            output.AssertNothingElseWritten();
            scratch.AssertNothingElseWritten();
            return output.Span.ToArray();
        }
    }
}
