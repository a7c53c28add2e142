namespace SeqInfer.Bench.Limits;

/// <summary>What one operation cannot do without.</summary>
/// <param name="Flops">Floating point operations; a multiply-add counts two.</param>
/// <param name="Bytes">Bytes of weights read.</param>
/// <param name="IsInteger">True where 8-bit integers are multiplied.</param>
internal readonly record struct OperationWork(double Flops, double Bytes, bool IsInteger = false)
{
    /// <summary>The arithmetic alone.</summary>
    public double ArithmeticSeconds(MachineLimits limits) => Flops / (IsInteger ? limits.IntegerOperationsPerSecond : limits.FlopsPerSecond);
}

/// <summary>What a forward pass cannot do without.</summary>
/// <param name="Operations">One after the other.</param>
/// <param name="WeightBytes">Bytes of all weights it touches, each counted once: they decide which cache the weights are read from.</param>
internal sealed record Work(IReadOnlyList<OperationWork> Operations, long WeightBytes)
{
    /// <summary>Floating point operations.</summary>
    public double Flops => Operations.Sum(operation => operation.Flops);

    /// <summary>Bytes of weights read; a recurrent layer reads its own once a step.</summary>
    public double Bytes => Operations.Sum(operation => operation.Bytes);

    /// <summary>The shortest time the machine allows: each operation is bound by arithmetic or by reading, whichever takes longer (Williams et al. 2009).</summary>
    public double LimitSeconds(MachineLimits limits)
    {
        double bytesPerSecond = limits.BytesPerSecond(WeightBytes);
        return Operations.Sum(operation => Math.Max(operation.ArithmeticSeconds(limits), operation.Bytes / bytesPerSecond));
    }

    /// <summary>True where reading weights makes up the larger part of <see cref="LimitSeconds"/>.</summary>
    public bool IsMemoryBound(MachineLimits limits) => Bytes / limits.BytesPerSecond(WeightBytes) > Operations.Sum(operation => operation.ArithmeticSeconds(limits));
}
