using SeqInfer.Inputs;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Verification;

/// <summary>One comparison on its way: the rows it wants, and what the model gave for them so far.</summary>
internal abstract class OutputCheck
{
    private readonly CaseOutput _output;

    protected OutputCheck(CaseOutput output, int[] rows)
    {
        _output = output;
        Rows = rows;
    }

    /// <summary>The batch row of every stored row, in their order.</summary>
    public int[] Rows { get; }

    public string Name => _output.Output;

    /// <summary>True where rows are those of the batch; false where the model alone decides them, as the nodes of its graph.</summary>
    public virtual bool IsOfBatch => true;

    /// <summary>Takes what the model gave for a batch.</summary>
    /// <param name="view">The output.</param>
    /// <param name="batch">The request.</param>
    /// <param name="places">Place in the batch of each row that is in it.</param>
    public abstract void Take(OutputView view, Batch batch, IReadOnlyDictionary<int, int> places);

    /// <summary>Compares everything that was taken.</summary>
    public abstract OutputReport Report();

    /// <summary>A report of a comparison that cannot be made.</summary>
    public static OutputReport Impossible(CaseOutput output, string problem) => new(output.Output, output.Label, double.NaN, output.Tolerance, problem);

    /// <summary>The batch rows whose results were stored.</summary>
    public static int[] Pick(RowPick pick, int rowCount, CaseTensors tensors)
    {
        int[] rows = pick switch
        {
            RowPick.First first => [.. Enumerable.Range(0, first.Count)],
            RowPick.Every every => [.. Enumerable.Range(0, (rowCount + every.Step - 1) / every.Step).Select(i => i * every.Step)],
            RowPick.Listed listed => tensors.Inputs[listed.Tensor].ToInt32s(),
            _ => [.. Enumerable.Range(0, rowCount)],
        };
        int bad = Array.FindIndex(rows, row => row < 0 || row >= rowCount);
        return bad < 0 ? rows : throw new CliException($"row {rows[bad]} was stored, the inputs have {rowCount}");
    }

    protected bool HasShape(TensorInfo tensor, Comparison comparison, params ReadOnlySpan<long> expected)
    {
        var shape = new Tensors.Shape(expected);
        if (tensor.Shape == shape)
            return true;
        comparison.Fail($"{tensor.File}: tensor '{tensor.Name}' is {tensor.Shape}, the output '{Name}' for the stored rows is {shape}");
        return false;
    }
}
