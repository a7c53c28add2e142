using ILGPU;
using ILGPU.IR.Intrinsics;

namespace SeqInfer.Gpu.Kernels.TensorCores;

/// <summary>
/// The instructions of tensor cores, which all 32 threads of a warp take together: 16 rows of A times 8 columns of B on top of C. Each thread has
/// four words of A, two of B and four numbers of C, as the PTX ISA lays them out (section "Matrix fragments for mma.m16n8k8" and the one for
/// m16n8k16). The bodies here are what a warp of the simulator does instead: every thread gathers the words of its results' rows and columns
/// from the threads that hold them.
/// </summary>
internal static class TensorCore
{
    /// <summary>Threads of a warp.</summary>
    public const int WarpSize = 32;

    /// <summary>Rows of A and C.</summary>
    public const int Rows = 16;

    /// <summary>Columns of B and C.</summary>
    public const int Columns = 8;

    /// <summary>Words of a row of A: 8 tf32 or 8 pairs of bf16.</summary>
    public const int Words = 8;

    private const uint Tf32Half = 0x1000;
    private const uint Tf32Mask = 0xFFFFE000;
    private const uint Bf16Half = 0x7FFF;

    /// <summary>The nearest tf32, of two equally near the one away from zero.</summary>
    [IntrinsicImplementation]
    public static uint ToTf32(float value) =>
        float.IsNaN(value) ? Interop.FloatAsInt(value) : (Interop.FloatAsInt(value) + Tf32Half) & Tf32Mask;

    /// <summary>The nearest bf16 of two numbers, the first in the lower half; of two equally near the even one.</summary>
    [IntrinsicImplementation]
    public static uint ToBf16Pair(float lower, float upper) => ToBf16(lower) | (ToBf16(upper) << 16);

    /// <summary>C + A B with words of one tf32 each.</summary>
    [IntrinsicImplementation]
    public static Float4 MultiplyTf32(
        float c0, float c1, float c2, float c3, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        Float4 result = new(c0, c1, c2, c3);
        for (int word = 0; word < Words; word++)
        {
            Gathered of = Gather(word, a0, a1, a2, a3, b0, b1);
            result = Add(
                result,
                Interop.IntAsFloat(of.Upper),
                Interop.IntAsFloat(of.Lower),
                Interop.IntAsFloat(of.Left),
                Interop.IntAsFloat(of.Right));
        }

        return result;
    }

    /// <summary>C + A B with words of two bf16 each.</summary>
    [IntrinsicImplementation]
    public static Float4 MultiplyBf16(
        float c0, float c1, float c2, float c3, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        Float4 result = new(c0, c1, c2, c3);
        for (int word = 0; word < Words; word++)
        {
            Gathered of = Gather(word, a0, a1, a2, a3, b0, b1);
            result = Add(result, FirstOf(of.Upper), FirstOf(of.Lower), FirstOf(of.Left), FirstOf(of.Right));
            result = Add(result, SecondOf(of.Upper), SecondOf(of.Lower), SecondOf(of.Left), SecondOf(of.Right));
        }

        return result;
    }

    /// <summary>
    /// A word of each of the two rows and two columns whose results this thread has. Thread t has the rows t / 4 and t / 4 + 8 and the columns
    /// 2 (t % 4) and the next. Of A it holds the words t % 4 (a0 and a1) and t % 4 + 4 (a2 and a3) of these rows, of B those words of column t / 4.
    /// </summary>
    private static Gathered Gather(int word, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        int group = Warp.LaneIdx >> 2;
        int inGroup = Warp.LaneIdx & 3;
        int row = (group * 4) + (word & 3);
        int column = (inGroup * 8) + (word & 3);
        bool isFirst = word < 4;
        return new Gathered(
            Warp.Shuffle(isFirst ? a0 : a2, row),
            Warp.Shuffle(isFirst ? a1 : a3, row),
            Warp.Shuffle(isFirst ? b0 : b1, column),
            Warp.Shuffle(isFirst ? b0 : b1, column + 4));
    }

    private static Float4 Add(Float4 sum, float upper, float lower, float left, float right) => new(
        GpuMath.Fma(upper, left, sum.X), GpuMath.Fma(upper, right, sum.Y), GpuMath.Fma(lower, left, sum.Z), GpuMath.Fma(lower, right, sum.W));

    private static float FirstOf(uint pair) => Interop.IntAsFloat(pair << 16);

    private static float SecondOf(uint pair) => Interop.IntAsFloat(pair & 0xFFFF0000);

    private static uint ToBf16(float value)
    {
        uint bits = Interop.FloatAsInt(value);
        return float.IsNaN(value) ? (bits >> 16) | 1 : (bits + Bf16Half + ((bits >> 16) & 1)) >> 16;
    }

    private readonly struct Gathered(uint upper, uint lower, uint left, uint right)
    {
        public readonly uint Upper = upper;
        public readonly uint Lower = lower;
        public readonly uint Left = left;
        public readonly uint Right = right;
    }
}
