using SeqInfer.Kernels.Graph;
using SeqInfer.Kernels.Pooling;

namespace SeqInfer.Devices.Cpu;

/// <summary>Something to do with an aggregation as the type that kernels are compiled for.</summary>
internal interface IAggregationVisitor
{
    /// <summary>Does it.</summary>
    void Visit<TAggregation>()
        where TAggregation : struct, IAggregation;
}

/// <summary>Turns an <see cref="AggregateKind"/> chosen at run time into the aggregation that kernels are compiled for.</summary>
internal static class AggregateDispatch
{
    /// <summary>Calls the visitor with the aggregation.</summary>
    public static void Visit<TVisitor>(AggregateKind kind, bool isWeighted, TVisitor visitor)
        where TVisitor : struct, IAggregationVisitor
    {
        switch (kind)
        {
            case AggregateKind.Sum when isWeighted:
                visitor.Visit<WeightedSumAggregation>();
                break;
            case AggregateKind.Sum:
                visitor.Visit<PooledAggregation<SumPooling>>();
                break;
            case AggregateKind.Mean:
                visitor.Visit<PooledAggregation<MeanPooling>>();
                break;
            case AggregateKind.Max:
                visitor.Visit<PooledAggregation<MaxPooling>>();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }
}
