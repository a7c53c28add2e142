using ILGPU;
using ILGPU.IR.Intrinsics;
using SeqInfer.Devices;

namespace SeqInfer.Gpu.Kernels;

/// <summary>
/// Elementary functions in single precision, the same on every device: GPUs' own exp and tanh are approximations whose error depends on
/// the hardware. Built from correctly rounded operations, and free of branches where that is as short.
/// </summary>
internal static class GpuMath
{
    private const float Log2E = 1.44269504f;

    // Cody-Waite: the high part has nine bits, so that n * Ln2High is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Adding it leaves the integer nearest to a small number in the low bits.
    private const float RoundingShift = 12582912f;
    private const int RoundingShiftBits = 0x4B400000;
    private const float ExpHighest = 89f;
    private const float ExpLowest = -105f;
    private const float TanhSplit = 0.625f;
    private const float ErfSplit = 0.92f;
    private const float ErfSaturated = 4f;

    /// <summary>a * b + c, rounded once.</summary>
    [IntrinsicImplementation]
    public static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>The square root, correctly rounded where the device can.</summary>
    public static float Sqrt(float x) => MathF.Sqrt(x);

    public static float Abs(float x) => x < 0 ? -x : x;

    /// <summary>The larger number; the second where one is NaN.</summary>
    public static float Larger(float x, float y) => x > y ? x : y;

    /// <summary>The larger number; NaN where one is NaN.</summary>
    public static float LargerOrNaN(float x, float y) => x >= y || float.IsNaN(x) ? x : y;

    /// <summary>e^x, at most 2 ulp; 0 and infinity beyond the range.</summary>
    public static float Exp(float x)
    {
        float inRange = x > ExpHighest ? ExpHighest : x;
        inRange = inRange < ExpLowest ? ExpLowest : inRange;
        float shifted = Fma(inRange, Log2E, RoundingShift);
        int exponent = (int)Interop.FloatAsInt(shifted) - RoundingShiftBits;
        float n = shifted - RoundingShift;
        float r = Fma(n, -Ln2Low, Fma(n, -Ln2High, inRange));
        float p = Fma(1.9841270e-4f, r, 1.3888889e-3f);
        p = Fma(p, r, 8.3333333e-3f);
        p = Fma(p, r, 4.1666667e-2f);
        p = Fma(p, r, 1.6666667e-1f);
        p = Fma(p, r, 0.5f);
        p = Fma(p, r * r, r) + 1f;

        // Two factors, so that the result may be subnormal or infinite
        int half = exponent >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    public static float Sigmoid(float x)
    {
        float e = Exp(-Abs(x));
        float q = 1f / (1f + e);
        return x < 0 ? e * q : q;
    }

    /// <summary>The hyperbolic tangent; odd in x, exact at both ends.</summary>
    public static float Tanh(float x)
    {
        float magnitude = Abs(x);
        if (magnitude < TanhSplit)
        {
            float z = x * x;
            float p = Fma(-5.70498872e-3f, z, 2.06390888e-2f);
            p = Fma(p, z, -5.37397156e-2f);
            p = Fma(p, z, 1.33314422e-1f);
            p = Fma(p, z, -3.33332819e-1f);
            return Fma(p * z, x, x);
        }

        float t = 1f - (2f / (Exp(2f * magnitude) + 1f));
        return x < 0 ? -t : t;
    }

    /// <summary>The error function, from a polynomial in x^2 near zero and one for -ln(1 - erf x) beyond.</summary>
    public static float Erf(float x)
    {
        float magnitude = Abs(x);
        if (magnitude < ErfSplit)
        {
            float u = x * x;
            float p = Fma(-6.003811e-4f, u, 4.995854e-3f);
            p = Fma(p, u, -2.676858e-2f);
            p = Fma(p, u, 1.1281877e-1f);
            p = Fma(p, u, -3.76125e-1f);
            p = Fma(p, u, 1.2837915e-1f);
            return Fma(p, x, x);
        }

        float t = magnitude > ErfSaturated ? ErfSaturated : magnitude;
        float q = Fma(-1.9593343e-4f, t, 3.0432078e-3f);
        q = Fma(q, t, -2.2226928e-2f);
        q = Fma(q, t, 1.0393165e-1f);
        q = Fma(q, t, 6.371822e-1f);
        q = Fma(q, t, 1.1276757f);
        q = Fma(q, t, 1.9567848e-4f);
        float erf = 1f - Exp(-q);
        return x < 0 ? -erf : erf;
    }

    /// <summary>The natural logarithm of a positive, normal number.</summary>
    public static float LogOfNormal(float x)
    {
        int bits = (int)Interop.FloatAsInt(x);
        int exponent = (bits - 0x3F3504F3) >> 23;
        float f = Interop.IntAsFloat((uint)(bits - (exponent << 23))) - 1f;
        float e = exponent;
        float f2 = f * f;
        float p = Fma(-7.6345064e-2f, f, 1.2761593e-1f);
        p = Fma(p, f, -1.3160186e-1f);
        p = Fma(p, f, 1.4201756e-1f);
        p = Fma(p, f, -1.6623357e-1f);
        p = Fma(p, f, 2.0001227e-1f);
        p = Fma(p, f, -2.500082e-1f);
        p = Fma(p, f, 3.333333e-1f);
        float tail = Fma(p, f2 * f, e * Ln2Low);
        return Fma(e, Ln2High, f + Fma(-0.5f, f2, tail));
    }

    /// <summary>The element-wise functions that follow a layer; <paramref name="kind"/> is the same for all threads.</summary>
    public static float Activate(ActivationKind kind, float alpha, float x)
    {
        switch (kind)
        {
            case ActivationKind.Relu:
                // Not x > 0 ? x : 0, which would lose a NaN
                return x < 0 ? 0 : x;
            case ActivationKind.Gelu:
                return Fma(0.5f * x, Erf(x * 0.70710678f), 0.5f * x);
            case ActivationKind.GeluTanh:
                return Fma(0.5f * x, Tanh(0.7978845608f * Fma(0.044715f * x * x, x, x)), 0.5f * x);
            case ActivationKind.Silu:
                return x * Sigmoid(x);
            case ActivationKind.Sigmoid:
                return Sigmoid(x);
            case ActivationKind.Tanh:
                return Tanh(x);
            case ActivationKind.LeakyRelu:
                return x > 0 ? x : alpha * x;
            case ActivationKind.Elu:
                return x > 0 ? x : alpha * ExpMinusOne(x);
            case ActivationKind.SignedSqrt:
                return x < 0 ? -Sqrt(-x) : Sqrt(x);
            default:
                return x;
        }
    }

    // Near zero e^x - 1 cancels; the series has no such loss.
    private static float ExpMinusOne(float x)
    {
        if (x > -0.35f)
        {
            float p = Fma(1.9841270e-4f, x, 1.3888889e-3f);
            p = Fma(p, x, 8.3333333e-3f);
            p = Fma(p, x, 4.1666667e-2f);
            p = Fma(p, x, 1.6666667e-1f);
            p = Fma(p, x, 0.5f);
            return Fma(p, x * x, x);
        }

        return Exp(x) - 1f;
    }

    private static float PowerOfTwo(int exponent) => Interop.IntAsFloat((uint)((exponent + 127) << 23));
}
