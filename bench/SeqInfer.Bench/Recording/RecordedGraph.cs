using SeqInfer.Devices;

namespace SeqInfer.Bench.Recording;

/// <summary>A graph as lists of edges, which is how scatter operators take it.</summary>
internal sealed class RecordedGraph : Graph
{
    public RecordedGraph(Device device, ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights)
        : base(device, offsets.Length - 1, columnCount, columns.Length, !weights.IsEmpty)
    {
        Offsets = offsets.ToArray();
        Targets = new long[columns.Length];
        Sources = new long[columns.Length];
        Weights = weights.IsEmpty ? null : new float[columns.Length];
        InverseDegrees = new float[RowCount];
        for (int node = 0; node < RowCount; node++)
        {
            int degree = offsets[node + 1] - offsets[node];
            InverseDegrees[node] = degree == 0 ? 0 : 1f / degree;
            for (int edge = offsets[node]; edge < offsets[node + 1]; edge++)
            {
                Targets[edge] = node;
                Sources[edge] = columns[edge];
                if (Weights is not null)
                    Weights[edge] = (float)weights[edge];
            }
        }
    }

    /// <summary>Where the edges of every node begin, and where the last ones end.</summary>
    public int[] Offsets { get; }

    /// <summary>Number of neighbours of a node.</summary>
    public int DegreeOf(int node) => Offsets[node + 1] - Offsets[node];

    /// <summary>The receiving node of every edge.</summary>
    public long[] Targets { get; }

    /// <summary>The sending node of every edge.</summary>
    public long[] Sources { get; }

    /// <summary>The weight of every edge, or null.</summary>
    public float[]? Weights { get; }

    /// <summary>1 / number of neighbours of every node; 0 without any.</summary>
    public float[] InverseDegrees { get; }

    public override long ByteCount => 0;
}
