using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>
/// Rows of features, one for each result. Where many results share a part (all candidates of one user the user's features), that part is
/// there once, and every result names its row.
/// </summary>
/// <param name="Shared">[n, shared columns]; without a split it holds all columns of all results.</param>
/// <param name="Own">[results, own columns]; of no meaning without a split.</param>
/// <param name="SharedOf">For each result its row of <paramref name="Shared"/>; of no meaning without a split.</param>
/// <param name="IsSplit">False where every result has all its columns in <paramref name="Shared"/>.</param>
public readonly record struct SplitRows(Tensor Shared, Tensor Own, Indices SharedOf, bool IsSplit = true)
{
    /// <summary>Rows that share nothing.</summary>
    public SplitRows(Tensor rows)
        : this(rows, default, default, false)
    {
    }

    /// <summary>How many results there are.</summary>
    public int Count => IsSplit ? Own.RowCount : Shared.RowCount;
}
