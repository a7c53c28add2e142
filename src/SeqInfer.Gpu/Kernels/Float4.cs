using System.Runtime.InteropServices;

namespace SeqInfer.Gpu.Kernels;

/// <summary>Four floats that are loaded and stored at once, from addresses that are multiples of 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Float4(float x, float y, float z, float w)
{
    public float X = x;
    public float Y = y;
    public float Z = z;
    public float W = w;

    /// <summary>The sum, element by element.</summary>
    public static Float4 operator +(Float4 a, Float4 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);
}
