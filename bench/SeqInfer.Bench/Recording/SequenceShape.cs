using SeqInfer.Bench.Onnx;

namespace SeqInfer.Bench.Recording;

/// <summary>The dense batch that is recorded: every sequence has the same length.</summary>
internal readonly record struct SequenceShape(int Batch, int Length, bool IsBatchSymbolic)
{
    /// <summary>Candidates of every row; as many as events unless said otherwise.</summary>
    public int Candidates { get => field == 0 ? Length : field; init; }

    /// <summary>Rows of all sequences.</summary>
    public int RowCount => checked(Batch * Length);

    /// <summary>The batch as a dimension of an input.</summary>
    public OnnxDimension BatchDimension => IsBatchSymbolic ? "batch" : Batch;
}

/// <summary>How the rows of a value lie in its ONNX tensor. B sequences of T rows and C columns.</summary>
internal enum Layout
{
    /// <summary>[rows, C].</summary>
    Flat,

    /// <summary>[B, T, C].</summary>
    Batched,

    /// <summary>[T, B, C], which recurrent operators read.</summary>
    TimeMajor,
}
