using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqInfer.Bench.Limits;

/// <summary>Products of bytes added up in groups of four on registers alone (AVX-VNNI): enough independent chains to hide the latency of each.</summary>
internal sealed class IntegerLoop : ISpinLoop
{
    private const int Chains = 12;
    private const int Iterations = 20_000;

    /// <summary>Returns operations; a multiply-add counts two.</summary>
    public double Run()
    {
        // The result must be used, or the loop would be removed.
        int sum = Chain(Iterations, 1, 1);
        return sum == 0 ? 0 : 2.0 * Chains * Vector256<byte>.Count * Iterations;
    }

    public void Dispose()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Chain(int iterations, byte left, sbyte right)
    {
        Vector256<byte> x = Vector256.Create(left);
        Vector256<sbyte> y = Vector256.Create(right);
        Vector256<int> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        Vector256<int> c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default;
        for (int i = 0; i < iterations; i++)
        {
            c0 = AvxVnni.MultiplyWideningAndAdd(c0, x, y);
            c1 = AvxVnni.MultiplyWideningAndAdd(c1, x, y);
            c2 = AvxVnni.MultiplyWideningAndAdd(c2, x, y);
            c3 = AvxVnni.MultiplyWideningAndAdd(c3, x, y);
            c4 = AvxVnni.MultiplyWideningAndAdd(c4, x, y);
            c5 = AvxVnni.MultiplyWideningAndAdd(c5, x, y);
            c6 = AvxVnni.MultiplyWideningAndAdd(c6, x, y);
            c7 = AvxVnni.MultiplyWideningAndAdd(c7, x, y);
            c8 = AvxVnni.MultiplyWideningAndAdd(c8, x, y);
            c9 = AvxVnni.MultiplyWideningAndAdd(c9, x, y);
            c10 = AvxVnni.MultiplyWideningAndAdd(c10, x, y);
            c11 = AvxVnni.MultiplyWideningAndAdd(c11, x, y);
        }

        return Vector256.Sum(((c0 + c1) + (c2 + c3)) + ((c4 + c5) + (c6 + c7)) + ((c8 + c9) + (c10 + c11)));
    }
}
