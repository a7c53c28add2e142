using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>
/// The terms of a factorisation machine (Rendle 2010): bias + sum of weights, and where wanted the sum of the inner products of all
/// pairs of field vectors.
/// </summary>
/// <remarks>
/// For candidates of one user the sums come apart: with s the sum of a side's vectors, second(u, i) = second(u) + second(i) + s_u s_i.
/// All that depends on the item alone is a number and a vector that are computed at load, so a candidate costs one inner product.
/// </remarks>
internal sealed class FactorizationTerms
{
    private readonly Device _device;
    private readonly RankerPlan _plan;
    private readonly bool _hasPairs;
    private readonly LinearWeights? _first;
    private readonly LinearWeights? _sum;
    private Table? _itemTerms;
    private Catalogue? _itemSums;

    /// <summary>Prepares the weights.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="plan">Has a first-order part.</param>
    /// <param name="hasPairs">True: with the second-order term.</param>
    public FactorizationTerms(Device device, RankerPlan plan, bool hasPairs)
    {
        _device = device;
        _plan = plan;
        FieldLayout shared = plan.Encoder.Layout;
        _hasPairs = hasPairs && plan.Layout.EmbeddedCount > 0;

        // The bias belongs to the items where there are any.
        if (shared.FirstOrderWidth > 0)
        {
            _first = device.CreateLinear(
                ColumnSplit.Pick(plan.FirstOrderWeight!, plan.FirstOrderColumns.Shared), plan.Items is null ? plan.FirstOrderBias : null);
        }

        if (_hasPairs && plan.Items is not null && shared.EmbeddedCount > 0)
            _sum = device.CreateLinear(SumOfFields(shared.EmbeddedCount), null);
    }

    /// <summary>Computes the terms of all items.</summary>
    public void Prepare()
    {
        if (_plan.Items is not { } items)
            return;
        int size = _plan.EmbeddingSize;
        LinearWeights first = _device.CreateLinear(
            ColumnSplit.Pick(_plan.FirstOrderWeight!, _plan.FirstOrderColumns.Own), _plan.FirstOrderBias);
        if (_sum is null)
        {
            _itemTerms = _device.CreateTable(items.Compute(1, (workspace, x, z, y) => Terms(workspace, first, items.Layout, x, z, y)));
            return;
        }

        LinearWeights sum = _device.CreateLinear(SumOfFields(items.Layout.EmbeddedCount), null);
        Parameter terms = items.Compute(size + 1, (workspace, x, z, y) =>
        {
            _device.Linear(workspace, x.Columns(0, items.Layout.EmbeddedWidth), sum, y.Columns(0, size));
            Terms(workspace, first, items.Layout, x, z, y.Columns(size, 1));
        });
        _itemSums = _device.CreateCatalogue(terms.SliceColumns(0, size), terms.SliceColumns(size, 1).Transpose(), new CatalogueOptions());
    }

    /// <summary>The terms of rows that have all fields.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="vectors">[rows, columns].</param>
    /// <param name="weights">[rows, first-order columns].</param>
    /// <param name="logits">[rows, 1].</param>
    public void Forward(Workspace workspace, Tensor vectors, Tensor weights, Tensor logits) =>
        Terms(workspace, _first!, _plan.Layout, vectors, weights, logits);

    /// <summary>The terms of candidates.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="vectors">[rows, columns of the request's fields].</param>
    /// <param name="weights">[rows, their first-order columns].</param>
    /// <param name="candidates">Item ids.</param>
    /// <param name="sequences">Which candidates belong to which row.</param>
    /// <param name="rowOf">For each candidate its row.</param>
    /// <param name="logits">[candidates, 1].</param>
    public void Forward(
        Workspace workspace, Tensor vectors, Tensor weights, Indices candidates, Ragged sequences, Indices rowOf, Tensor logits)
    {
        using WorkspaceFrame frame = workspace.Frame();
        if (_itemSums is null)
        {
            _device.Embed(workspace, candidates, _itemTerms!, logits);
        }
        else
        {
            Tensor sums = workspace.Take(vectors.RowCount, _plan.EmbeddingSize);
            _device.Linear(workspace, vectors.Columns(0, _plan.Encoder.Layout.EmbeddedWidth), _sum!, sums);
            _device.ScoreCandidates(workspace, sums, _itemSums, candidates, sequences, logits);
        }

        if (_first is null)
            return;
        Tensor rows = workspace.Take(vectors.RowCount, 1);
        Tensor gathered = workspace.Take(rowOf.Count, 1);
        Terms(workspace, _first, _plan.Encoder.Layout, vectors, weights, rows);
        _device.GatherRows(workspace, rows, rowOf, gathered);
        _device.Combine(workspace, logits, gathered, BinaryOperation.Add, logits);
    }

    private void Terms(Workspace workspace, LinearWeights first, FieldLayout layout, Tensor vectors, Tensor weights, Tensor y)
    {
        _device.Linear(workspace, weights, first, y);
        if (!_hasPairs || layout.EmbeddedCount == 0)
            return;
        using WorkspaceFrame frame = workspace.Frame();
        Tensor pairs = workspace.Take(y.RowCount, 1);
        _device.FactorizationMachine(workspace, vectors.Columns(0, layout.EmbeddedWidth), layout.EmbeddedCount, pairs);
        _device.Combine(workspace, y, pairs, BinaryOperation.Add, y);
    }

    // Ones where a column of a field goes to the same column of the sum.
    private Parameter SumOfFields(int fields)
    {
        int size = _plan.EmbeddingSize;
        double[] ones = new double[checked(size * size * fields)];
        for (int row = 0; row < size; row++)
        {
            for (int field = 0; field < fields; field++)
                ones[(row * size * fields) + (field * size) + row] = 1;
        }

        return Parameter.FromValues("sum of fields", size, size * fields, ones);
    }
}
