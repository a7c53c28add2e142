using System.Globalization;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Pooling;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Tests.Kernels;

/// <summary>
/// Fingerprints of the kernels' results, one for each instruction set that the process supports. A process that runs with instruction
/// sets switched off compiles the same kernels to other code, which must give the same bits.
/// </summary>
internal static unsafe class IsaProbe
{
    public const string Name = "isa-probe";

    private const int Columns = 203;
    private const int Rows = 20;

    /// <summary>Writes the chosen instruction set, or the error, and a line for each supported one.</summary>
    public static void Run(TextWriter output)
    {
        try
        {
            output.WriteLine($"chosen {IsaDetection.NameOf(IsaDetection.FromEnvironment())}");
        }
        catch (IsaException error)
        {
            output.WriteLine($"error {error.Message}");
        }

        foreach (Isa isa in IsaDetection.Supported) output.WriteLine(FingerprintOf(isa));
    }

    /// <summary>The instruction set's name and the hashes of its lane-wise and its row-wise results.</summary>
    public static string FingerprintOf(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        return string.Create(CultureInfo.InvariantCulture, $"{IsaDetection.NameOf(isa)} {LanewiseOf(kernels):x8} {RowwiseOf(kernels):x8}");
    }

    private static uint LanewiseOf(KernelsUnderTest kernels)
    {
        float[] x = [.. Samples.Special, .. Samples.Normal(Rows * Columns, seed: 1, deviation: 20)];
        float[] y = new float[x.Length];
        uint hash = 0;
        fixed (float* from = x, to = y)
        {
            kernels.Unary<ExpOp>(from, to, x.Length);
            Mix();
            kernels.Unary<LogOp>(from, to, x.Length);
            Mix();
            kernels.Unary<Sigmoid>(from, to, x.Length);
            Mix();
            kernels.Unary<Tanh>(from, to, x.Length);
            Mix();
            kernels.Unary<Gelu>(from, to, x.Length);
            Mix();
            kernels.Unary(from, to, x.Length, new Elu(1));
            Mix();
            kernels.Unary<RoundOp>(from, to, x.Length);
            Mix();
            kernels.Binary<FmaOp>(from, to, to, x.Length);
            Mix();
            kernels.Binary<BitsOp>(from, to, to, x.Length);
            Mix();
        }

        return hash;

        void Mix() => hash = Hash(hash, y);
    }

    private static uint RowwiseOf(KernelsUnderTest kernels)
    {
        float[] x = Samples.Normal(Rows * Columns, seed: 2, deviation: 3);
        float[] y = new float[x.Length];
        int[] runs = [0, 7, 7, Rows];
        uint hash = 0;
        fixed (float* from = x, to = y)
        fixed (int* offsets = runs)
        {
            kernels.Softmax(from, Columns, to, Columns, Rows, Columns);
            Mix();
            kernels.LogSoftmax(from, Columns, to, Columns, Rows, Columns);
            Mix();
            kernels.LayerNorm(from, Columns, to, Columns, Rows, Columns, new(null, null, 1e-5f, unbiasedStd: false));
            Mix();
            kernels.L2Normalize(from, Columns, to, Columns, Rows, Columns, 1e-12f);
            Mix();
            kernels.Pool<MeanPooling>(from, Columns, offsets, 3, Columns, to, Columns);
            Mix();
            kernels.Pool<MaxPooling>(from, Columns, offsets, 3, Columns, to, Columns);
            Mix();
            y[0] = kernels.Reduce<Maximum>(from, Columns);
            Mix();
        }

        return hash;

        void Mix() => hash = Hash(hash, y);
    }

    // FNV-1a over the bits, with one pattern for all NaN: their payload is not part of the contract
    private static uint Hash(uint hash, float[] values)
    {
        foreach (float value in values) hash = (hash ^ BitConverter.SingleToUInt32Bits(float.IsNaN(value) ? float.NaN : value)) * 16777619;
        return hash;
    }
}
