using SeqInfer.Devices;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// The output layer of a model with one column an item, as rows that stand at the items' ids: where the first column is item 1, a row
/// that never comes back stands before it.
/// </summary>
/// <param name="Weight">[rows, hidden size].</param>
/// <param name="Bias">[1, rows].</param>
/// <param name="FirstItemId">Rows below it are no items.</param>
/// <param name="FirstScored">The row of the first column.</param>
internal sealed record OutputRows(Parameter Weight, Parameter Bias, int FirstItemId, int FirstScored)
{
    /// <summary>Reads "weight" [columns, hidden size] and "bias" [columns] below a scope.</summary>
    /// <param name="scope">The layer.</param>
    /// <param name="columns">Its outputs.</param>
    /// <param name="hiddenSize">Its inputs.</param>
    /// <param name="firstColumnId">The id of column 0.</param>
    /// <param name="firstItemId">The first id that is an item.</param>
    public static OutputRows Read(WeightScope scope, int columns, int hiddenSize, int firstColumnId, int firstItemId)
    {
        Parameter weight = scope.Matrix("weight", columns, hiddenSize);
        Parameter bias = scope.Vector("bias", columns);
        if (firstColumnId > 0)
        {
            weight = Parameter.ConcatRows(weight.Name, Parameter.Zeros("no item", firstColumnId, hiddenSize), weight);
            bias = Parameter.ConcatColumns(bias.Name, Parameter.Zeros("no item", 1, firstColumnId), bias);
        }

        return new OutputRows(weight, bias, firstItemId, firstColumnId);
    }

    /// <summary>Packs the rows for ranking.</summary>
    public Catalogue CreateCatalogue(Device device) =>
        device.CreateCatalogue(Weight, Bias, new CatalogueOptions { ExcludedIds = [.. Enumerable.Range(0, FirstItemId)] });
}
