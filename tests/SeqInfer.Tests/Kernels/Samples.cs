using FsCheck;
using FsCheck.Fluent;

namespace SeqInfer.Tests.Kernels;

/// <summary>Input values for kernel tests.</summary>
internal static class Samples
{
    /// <summary>The values at which fp32 functions go wrong first.</summary>
    public static readonly float[] Special =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, 1.17549435e-38f, -1.17549435e-38f, 1e-20f, 0.5f, -0.5f, 1f, -1f,
        1.5f, 2.5f, -2.5f, 87.5f, 88.9f, -88f, -103.9f, -104.1f, 200f, -200f, 1e10f, -1e10f, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    /// <summary>Lengths 0 to 256 in steps that meet every tail of every width, ends included.</summary>
    public static IEnumerable<int> Lengths => Enumerable.Range(0, 257);

    /// <summary>Arrays of moderate values, with now and then a special one if wanted.</summary>
    public static Gen<float[]> Arrays(int maxLength, double magnitude, bool withSpecial = false)
    {
        Gen<float> moderate = Gen.Choose(-1_000_000, 1_000_000).Select(i => (float)(i * 1e-6 * magnitude));
        Gen<float> value = withSpecial ? Gen.Frequency((9, moderate), (1, Gen.Elements(Special))) : moderate;
        return Gen.Choose(0, maxLength).SelectMany(n => value.ArrayOf(n));
    }

    /// <summary>n values around 0, normally distributed with this deviation; the same for the same arguments.</summary>
    public static float[] Normal(int n, int seed, double deviation = 1)
    {
        Random random = new(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++)
        {
            double radius = deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
