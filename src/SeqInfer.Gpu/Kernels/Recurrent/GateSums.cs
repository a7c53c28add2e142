namespace SeqInfer.Gpu.Kernels.Recurrent;

/// <summary>W_hh h of up to four gates of one unit.</summary>
internal struct GateSums
{
    public float First;
    public float Second;
    public float Third;
    public float Fourth;

    /// <summary>The sums over a row of states; gates from <paramref name="firstGate"/> on, <paramref name="count"/> of them.</summary>
    public static GateSums Of(Window hidden, int row, RecurrentWeightsView weights, int unit, int firstGate, int count)
    {
        GateSums sums = default;
        int size = weights.Size;
        int column = (firstGate * size) + unit;
        for (int k = 0; k < size; k++)
        {
            float h = hidden[row, k];
            sums.First = GpuMath.Fma(h, weights.Hidden[k, column], sums.First);
            if (count > 1)
                sums.Second = GpuMath.Fma(h, weights.Hidden[k, column + size], sums.Second);
            if (count > 2)
                sums.Third = GpuMath.Fma(h, weights.Hidden[k, column + (2 * size)], sums.Third);
            if (count > 3)
                sums.Fourth = GpuMath.Fma(h, weights.Hidden[k, column + (3 * size)], sums.Fourth);
        }

        return sums;
    }
}
