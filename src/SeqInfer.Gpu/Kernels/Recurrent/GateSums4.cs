using ILGPU;

namespace SeqInfer.Gpu.Kernels.Recurrent;

/// <summary>W_hh h of up to four gates of one unit, for four sequences: what each weight is read for.</summary>
internal struct GateSums4
{
    private Float4 _first;
    private Float4 _second;
    private Float4 _third;
    private Float4 _fourth;

    /// <summary>The sums over four states; gates from <paramref name="firstGate"/> on, <paramref name="count"/> of them.</summary>
    public static GateSums4 Of(ArrayView<Float4> hidden, RecurrentWeightsView weights, int unit, int firstGate, int count)
    {
        GateSums4 sums = default;
        int size = weights.Size;
        int column = (firstGate * size) + unit;
        for (int k = 0; k < size; k++)
        {
            Float4 h = hidden[k];
            sums._first = Add(sums._first, h, weights.Hidden[k, column]);
            if (count > 1)
                sums._second = Add(sums._second, h, weights.Hidden[k, column + size]);
            if (count > 2)
                sums._third = Add(sums._third, h, weights.Hidden[k, column + (2 * size)]);
            if (count > 3)
                sums._fourth = Add(sums._fourth, h, weights.Hidden[k, column + (3 * size)]);
        }

        return sums;
    }

    public readonly GateSums OfX() => Make(_first.X, _second.X, _third.X, _fourth.X);

    public readonly GateSums OfY() => Make(_first.Y, _second.Y, _third.Y, _fourth.Y);

    public readonly GateSums OfZ() => Make(_first.Z, _second.Z, _third.Z, _fourth.Z);

    public readonly GateSums OfW() => Make(_first.W, _second.W, _third.W, _fourth.W);

    private static GateSums Make(float first, float second, float third, float fourth)
    {
        GateSums sums = default;
        sums.First = first;
        sums.Second = second;
        sums.Third = third;
        sums.Fourth = fourth;
        return sums;
    }

    private static Float4 Add(Float4 sum, Float4 h, float w) => new(
        GpuMath.Fma(h.X, w, sum.X), GpuMath.Fma(h.Y, w, sum.Y), GpuMath.Fma(h.Z, w, sum.Z), GpuMath.Fma(h.W, w, sum.W));
}
