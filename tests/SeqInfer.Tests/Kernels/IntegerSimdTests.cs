using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>The vector members on 8- and 16-bit integers against scalar C#.</summary>
public sealed unsafe class IntegerSimdTests
{
    private const int Rounds = 200;

    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Members_on_small_integers_equal_scalar_code(Isa isa) => KernelsUnderTest.For(isa).Run<Check, object>(default);

    private readonly struct Check : IIsaVisitor<object>
    {
        public object Visit<V>()
            where V : unmanaged, ISimd<V>
        {
            Random random = new(4);
            for (int round = 0; round < Rounds; round++)
            {
                // The ends of the range often: there products and sums wrap around.
                short[] a = [.. Enumerable.Range(0, 2 * V.Width).Select(_ => round % 3 == 0 ? short.MaxValue : (short)random.Next(-32767, 32768))];
                short[] b = [.. Enumerable.Range(0, 2 * V.Width).Select(_ => round % 2 == 0 ? short.MinValue : (short)random.Next(-32768, 32768))];
                int[] c = [.. Enumerable.Range(0, V.Width).Select(_ => random.Next(int.MinValue, int.MaxValue))];
                sbyte[] bytes = [.. Enumerable.Range(0, 2 * V.Width).Select(_ => (sbyte)random.Next(-128, 128))];
                fixed (short* pa = a, pb = b)
                fixed (int* pc = c)
                fixed (sbyte* pd = bytes)
                {
                    V x = V.Load((float*)pa);
                    V y = V.Load((float*)pb);
                    V z = V.Load((float*)pc);
                    int[] products = [.. c.Select((sum, i) => unchecked(sum + (a[2 * i] * b[2 * i]) + (a[(2 * i) + 1] * b[(2 * i) + 1])))];
                    Assert.Equal(products, Lanes<V, int>(V.MultiplyAddInt16(x, y, z)));
                    Assert.Equal(a.Select(value => (short)(value >> 8)), Lanes<V, short>(V.ShiftRightInt16(x, 8)));
                    Assert.Equal(bytes.Select(value => (short)value), Lanes<V, short>(V.LoadInt8Pairs(pd)));
                    Assert.Equal(c.Aggregate(0, (sum, value) => unchecked(sum + value)), V.SumInt32(z));
                    using GuardedMemory<short> target = GuardedMemory<short>.AtEnd(V.Width);
                    z.StoreInt16(target.Pointer);
                    Assert.Equal(c.Select(value => unchecked((short)value)), target.Span.ToArray());
                    target.AssertNothingElseWritten();
                }

                using GuardedMemory<sbyte> last = GuardedMemory<sbyte>.Of(bytes, atEnd: true);
                Assert.Equal(bytes.Select(value => (short)value), Lanes<V, short>(V.LoadInt8Pairs(last.Pointer)));
            }

            return this;
        }

        private static T[] Lanes<V, T>(V v)
            where V : unmanaged, ISimd<V>
            where T : unmanaged
        {
            T[] lanes = new T[V.Width * sizeof(float) / sizeof(T)];
            fixed (T* to = lanes) v.Store((float*)to);
            return lanes;
        }
    }
}
