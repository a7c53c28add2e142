using SeqInfer.Inputs;

namespace SeqInfer.Cli.Data;

/// <summary>The same ids for every row: all items, as candidates.</summary>
internal sealed class AllItems(int rows, int first, int last) : RowSource
{
    private readonly int[] _ids = [.. Enumerable.Range(first, last - first + 1)];

    public override int RowCount => rows;

    public override int LengthOf(int row) => _ids.Length;

    public override void AddTo(BatchColumn column, int row) => ((IdColumn)column).Add(_ids);
}
