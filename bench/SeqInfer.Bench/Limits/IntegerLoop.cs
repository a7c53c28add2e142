using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqInfer.Bench.Limits;

/// <summary>
/// Products of bytes with 32-bit sums on registers alone: enough independent chains to hide the latency of each. One instruction with
/// AVX-VNNI, three with AVX2.
/// </summary>
internal sealed class IntegerLoop : ISpinLoop
{
    private const int Chains = 12;
    private const int Iterations = 20_000;

    /// <summary>True where the machine has the instructions.</summary>
    public static bool IsSupported => AvxVnni.IsSupported || Avx2.IsSupported;

    /// <summary>Returns operations; a multiply-add counts two.</summary>
    public double Run()
    {
        // The result must be used, or the loop would be removed.
        int sum = Chain(Iterations, 1);
        return sum == 0 ? 0 : 2.0 * Chains * Vector256<byte>.Count * Iterations;
    }

    public void Dispose()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Chain(int iterations, sbyte factor)
    {
        Vector256<sbyte> y = Vector256.Create(factor);
        Vector256<short> ones = Vector256.Create((short)factor);
        Vector256<int> start = Vector256.Create((int)factor);
        Vector256<int> c0 = start, c1 = start, c2 = start, c3 = start, c4 = start, c5 = start;
        Vector256<int> c6 = start, c7 = start, c8 = start, c9 = start, c10 = start, c11 = start;
        for (int i = 0; i < iterations; i++)
        {
            c0 = Step(c0, y, ones);
            c1 = Step(c1, y, ones);
            c2 = Step(c2, y, ones);
            c3 = Step(c3, y, ones);
            c4 = Step(c4, y, ones);
            c5 = Step(c5, y, ones);
            c6 = Step(c6, y, ones);
            c7 = Step(c7, y, ones);
            c8 = Step(c8, y, ones);
            c9 = Step(c9, y, ones);
            c10 = Step(c10, y, ones);
            c11 = Step(c11, y, ones);
        }

        return Vector256.Sum(((c0 + c1) + (c2 + c3)) + ((c4 + c5) + (c6 + c7)) + ((c8 + c9) + (c10 + c11)));
    }

    // The sum itself is a factor, so that no product can be taken out of the loop.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Step(Vector256<int> sum, Vector256<sbyte> factor, Vector256<short> ones) => AvxVnni.IsSupported
        ? AvxVnni.MultiplyWideningAndAdd(sum, sum.AsByte(), factor)
        : sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(sum.AsByte(), factor), ones);
}
