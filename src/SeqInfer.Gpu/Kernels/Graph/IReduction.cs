namespace SeqInfer.Gpu.Kernels.Graph;

/// <summary>How rows become one.</summary>
internal interface IReduction
{
    /// <summary>What a result begins with.</summary>
    float Begin { get; }

    /// <summary>One row more.</summary>
    float Add(float result, float weight, float x);

    /// <summary>The result of a further block of rows.</summary>
    float Merge(float result, float block);
}

/// <summary>The weighted sum.</summary>
internal readonly struct SumReduction : IReduction
{
    public float Begin => 0;

    public float Add(float result, float weight, float x) => GpuMath.Fma(weight, x, result);

    public float Merge(float result, float block) => result + block;
}

/// <summary>The largest value; NaN where one is NaN.</summary>
internal readonly struct MaxReduction : IReduction
{
    public float Begin => float.NegativeInfinity;

    public float Add(float result, float weight, float x) => GpuMath.LargerOrNaN(result, x);

    public float Merge(float result, float block) => GpuMath.LargerOrNaN(result, block);
}
