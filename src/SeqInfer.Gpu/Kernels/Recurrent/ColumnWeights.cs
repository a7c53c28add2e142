using ILGPU;

namespace SeqInfer.Gpu.Kernels.Recurrent;

/// <summary>Four times four weights of a column, which a thread keeps in registers.</summary>
internal struct Weights16
{
    private Float4 _first;
    private Float4 _second;
    private Float4 _third;
    private Float4 _fourth;

    /// <summary>The weights of inputs from <paramref name="k"/> on; zeros past the last one.</summary>
    public static Weights16 Load(RecurrentWeightsView weights, int k, int column)
    {
        Weights16 result = default;
        result._first = Quad(weights, k, column);
        result._second = Quad(weights, k + 4, column);
        result._third = Quad(weights, k + 8, column);
        result._fourth = Quad(weights, k + 12, column);
        return result;
    }

    /// <summary>Sums of four sequences with sixteen inputs more, one after the other; those past <paramref name="size"/> are none.</summary>
    public readonly Float4 Add(Float4 sum, ArrayView<Float4> states, int start, int k, int size)
    {
        sum = Add(sum, _first, states, start, k, size);
        sum = Add(sum, _second, states, start, k + 4, size);
        sum = Add(sum, _third, states, start, k + 8, size);
        return Add(sum, _fourth, states, start, k + 12, size);
    }

    /// <summary>Sums of four sequences with one input more.</summary>
    public static Float4 Add(Float4 sum, Float4 h, float w) => new(
        GpuMath.Fma(h.X, w, sum.X), GpuMath.Fma(h.Y, w, sum.Y), GpuMath.Fma(h.Z, w, sum.Z), GpuMath.Fma(h.W, w, sum.W));

    private static Float4 Add(Float4 sum, Float4 w, ArrayView<Float4> states, int start, int k, int size)
    {
        if (k + 4 <= size)
        {
            sum = Add(sum, states[start + k], w.X);
            sum = Add(sum, states[start + k + 1], w.Y);
            sum = Add(sum, states[start + k + 2], w.Z);
            return Add(sum, states[start + k + 3], w.W);
        }

        if (k < size)
            sum = Add(sum, states[start + k], w.X);
        if (k + 1 < size)
            sum = Add(sum, states[start + k + 1], w.Y);
        if (k + 2 < size)
            sum = Add(sum, states[start + k + 2], w.Z);
        return sum;
    }

    private static Float4 Quad(RecurrentWeightsView weights, int k, int column) => new(
        At(weights, k, column), At(weights, k + 1, column), At(weights, k + 2, column), At(weights, k + 3, column));

    private static float At(RecurrentWeightsView weights, int k, int column) => k < weights.Size ? weights.Hidden[k, column] : 0;
}

/// <summary>The first 64 weights of a column of W_hh in registers.</summary>
internal struct ColumnWeights
{
    /// <summary>Weights that are kept; further ones are read at every step.</summary>
    public const int Count = 64;

    private Weights16 _first;
    private Weights16 _second;
    private Weights16 _third;
    private Weights16 _fourth;

    public static ColumnWeights Load(RecurrentWeightsView weights, int column)
    {
        ColumnWeights result = default;
        result._first = Weights16.Load(weights, 0, column);
        result._second = Weights16.Load(weights, 16, column);
        result._third = Weights16.Load(weights, 32, column);
        result._fourth = Weights16.Load(weights, 48, column);
        return result;
    }

    /// <summary>The column's sums over the states of four sequences from a place on, in the order of their units.</summary>
    public readonly Float4 Sum(ArrayView<Float4> states, int start, RecurrentWeightsView weights, int column)
    {
        int size = weights.Size;
        Float4 sum = _first.Add(default, states, start, 0, size);
        if (size > 16)
            sum = _second.Add(sum, states, start, 16, size);
        if (size > 32)
            sum = _third.Add(sum, states, start, 32, size);
        if (size > 48)
            sum = _fourth.Add(sum, states, start, 48, size);
        for (int k = Count; k < size; k++)
            sum = Weights16.Add(sum, states[start + k], weights.Hidden[k, column]);
        return sum;
    }
}
