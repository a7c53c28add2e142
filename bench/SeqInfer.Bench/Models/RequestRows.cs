using SeqInfer.Inputs;

namespace SeqInfer.Bench.Models;

/// <summary>What a row of a dense request has in each column.</summary>
internal static class RequestRows
{
    /// <summary>Entries of an input in every row; what stands beside another input has as many as that one.</summary>
    /// <param name="signature">The model's.</param>
    /// <param name="spec">The input.</param>
    /// <param name="events">Events of every row.</param>
    /// <param name="candidates">Candidates of every row.</param>
    public static int CountOf(ModelSignature signature, InputSpec spec, int events, int candidates)
    {
        if (spec.Kind is InputKind.Ids or InputKind.Values)
            return spec.Width;
        InputSpec leading = spec.ParallelTo is { } other ? signature.Inputs[signature.IndexOfInput(other)] : spec;
        return leading.Role == RaggedRole.Candidates ? candidates : events;
    }

    /// <summary>Adds a row of floats.</summary>
    public static void Add(BatchColumn column, float[] values)
    {
        if (column is RaggedValueColumn ragged)
            ragged.Add(values);
        else
            ((ValueColumn)column).Add(values);
    }
}
