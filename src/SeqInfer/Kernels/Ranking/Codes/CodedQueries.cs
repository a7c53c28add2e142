using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>
/// A block of queries in signed bytes, and for each what turns a panel's bound into the least scaled product that can still matter. Lanes
/// run over queries. All of it lies in memory of the caller's.
/// </summary>
internal readonly unsafe struct CodedQueries<V>
    where V : unmanaged, ISimd<V>
{
    private const int LargestCode = 63;
    private const int Arrays = 7;

    // Whole vectors at every width
    private const int LaneBlock = 16;

    private readonly int _lanes;
    private readonly int _depth;
    private readonly bool _isDistance;

    // Of a query
    private readonly float* _factor;
    private readonly float* _residualWeight;
    private readonly float* _normWeight;
    private readonly float* _needed;
    private readonly double* _shift;

    /// <summary>Codes queries.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="depth">Elements of each.</param>
    /// <param name="isDistance">Whether scores are minus squared distances.</param>
    /// <param name="memory">Room for <see cref="MemoryFor"/> floats, 64-byte aligned.</param>
    public CodedQueries(in TopKQueries queries, int depth, bool isDistance, float* memory)
    {
        _lanes = LanesFor(queries.Count);
        _depth = depth;
        _isDistance = isDistance;
        GroupCount = ItemCodes<V>.GroupsFor(depth);
        _shift = (double*)memory;
        _factor = memory + (2 * _lanes);
        _residualWeight = _factor + _lanes;
        _normWeight = _residualWeight + _lanes;
        _needed = _normWeight + _lanes;
        Scales = _needed + _lanes;
        Limits = Scales + _lanes;
        Starts = Limits + _lanes;
        Codes = Starts + _lanes;
        new Span<float>(memory, (Arrays + 2) * _lanes).Clear();
        for (int query = 0; query < queries.Count; query++)
            Code(queries.Rows + (query * queries.Stride), query);
    }

    /// <summary>Floats of a row of <see cref="Codes"/>, and rows of a panel of codes.</summary>
    public int GroupCount { get; }

    /// <summary>The codes, four in a float, query after query.</summary>
    public float* Codes { get; }

    /// <summary>One integer a query: minus what <see cref="ItemCodes{V}.Offset"/> adds to its products.</summary>
    public float* Starts { get; }

    /// <summary>One a query: what a product of codes counts in the panel at hand.</summary>
    public float* Scales { get; }

    /// <summary>One a query: scaled products below it belong to items of the panel at hand that cannot enter the list.</summary>
    public float* Limits { get; }

    /// <summary>Floats of memory for that many queries.</summary>
    public static long MemoryFor(int queries, int depth)
    {
        long codes = (long)queries * ItemCodes<V>.GroupsFor(depth);
        return ((Arrays + 2L) * LanesFor(queries)) + ((codes + LaneBlock - 1) / LaneBlock * LaneBlock);
    }

    /// <summary>Takes over the threshold of a query's list.</summary>
    public void Need(int query, float threshold)
    {
        // Behind the largest float comes infinity, whose difference to the bound of items that are not coded would be NaN
        double least = Math.Min(threshold, float.MaxValue);
        _needed[query] = ScoreBound.Down(least + _shift[query] - (Math.Abs(least) / (1 << 21)) - ScoreBound.Underflow);
    }

    /// <summary>Sets <see cref="Scales"/> and <see cref="Limits"/> for a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetLimits(in PanelBound bound)
    {
        V scale = V.Broadcast(bound.Scale);
        V residual = V.Broadcast(bound.Residual);
        V norm = V.Broadcast(bound.Norm);
        V constant = V.Broadcast(bound.Constant);
        for (int i = 0; i < _lanes; i += V.Width)
        {
            V gap = V.Fma(V.Load(_residualWeight + i), residual, V.Fma(V.Load(_normWeight + i), norm, constant));
            (V.Load(_needed + i) - gap).Store(Limits + i);
            (V.Load(_factor + i) * scale).Store(Scales + i);
        }
    }

    private static int LanesFor(int queries) => (queries + LaneBlock - 1) / LaneBlock * LaneBlock;

    private void Code(float* row, int query)
    {
        sbyte* codes = (sbyte*)(Codes + ((nint)query * GroupCount));
        new Span<sbyte>(codes, GroupCount * sizeof(float)).Clear();
        (float largest, double norm) = VectorCode.Measure(row, _depth);
        if (!(norm <= ScoreBound.MaxNorm))
        {
            _residualWeight[query] = float.PositiveInfinity;
            _normWeight[query] = float.PositiveInfinity;
            return;
        }

        float scale = VectorCode.ScaleOf(largest, LargestCode);
        int sum = 0;
        double squares = 0;
        double missedSquares = 0;
        for (int k = 0; k < _depth; k++)
        {
            int code = VectorCode.Of(row[k], scale, LargestCode);
            double missed = row[k] - ((double)scale * code);
            missedSquares += missed * missed;
            squares += (double)code * code;
            codes[k] = (sbyte)code;
            sum += code;
        }

        ((int*)Starts)[query] = -ItemCodes<V>.Offset * sum;
        double slack = ScoreBound.Slack(_depth);
        double codedNorm = scale * Math.Sqrt(squares);
        double factor = _isDistance ? 2 : 1;
        _factor[query] = (float)(factor * scale);
        _residualWeight[query] = ScoreBound.Up(factor * codedNorm * (1 + slack) * ScoreBound.Inflation);
        _normWeight[query] = ScoreBound.Up(factor * (Math.Sqrt(missedSquares) + (slack * (norm + codedNorm))) * ScoreBound.Inflation);
        if (_isDistance) _shift[query] = norm * norm * (1 - (2 * slack) - (1.0 / (1 << 20)));
    }
}
