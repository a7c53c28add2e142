using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>y = activation(x), element by element. Without an activation this is a copy.</summary>
    /// <param name="workspace">Holds both windows.</param>
    /// <param name="input">[rows, columns].</param>
    /// <param name="activation">Which function.</param>
    /// <param name="output">[rows, columns], the input itself or apart from it.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void Apply(Workspace workspace, Tensor input, Activation activation, Tensor output)
    {
        BeginRowwise(workspace, input, output);
        if (!workspace.IsPlanning && !output.IsEmpty)
            ApplyCore(workspace, input, activation, output);
    }

    /// <summary>y = x where x is positive, slope[column] * x elsewhere (He et al. 2015).</summary>
    /// <param name="workspace">Holds both windows.</param>
    /// <param name="input">[rows, columns].</param>
    /// <param name="slope">One slope a column, or a single one for all.</param>
    /// <param name="output">[rows, columns], the input itself or apart from it.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void PRelu(Workspace workspace, Tensor input, VectorWeights slope, Tensor output)
    {
        BeginRowwise(workspace, input, output);
        Begin(workspace, slope);
        if (slope.Length != 1 && slope.Length != input.ColumnCount)
            throw new ArgumentException($"{slope.Length} slopes for {input.ColumnCount} columns", nameof(slope));
        if (!workspace.IsPlanning && !output.IsEmpty)
            PReluCore(workspace, input, slope, output);
    }

    /// <summary>y = left (operation) right, element by element; a <paramref name="right"/> of one row is used for every row.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="left">[rows, columns].</param>
    /// <param name="right">[rows, columns] or [1, columns].</param>
    /// <param name="operation">Which operation.</param>
    /// <param name="output">[rows, columns], an input itself or apart from them.</param>
    /// <exception cref="ArgumentException">A shape does not fit or windows overlap.</exception>
    public void Combine(Workspace workspace, Tensor left, Tensor right, BinaryOperation operation, Tensor output)
    {
        Begin(workspace);
        workspace.Check(left, nameof(left));
        CheckInput(workspace, right, right.RowCount == 1 ? 1 : left.RowCount, left.ColumnCount, nameof(right));
        CheckOutput(workspace, output, left.RowCount, left.ColumnCount);
        CheckSameOrApart(left, output);
        CheckSameOrApart(right, output);
        if (!workspace.IsPlanning && !output.IsEmpty)
            CombineCore(workspace, left, right, operation, output);
    }

    /// <summary>Applies a function to checked windows.</summary>
    protected abstract void ApplyCore(Workspace workspace, Tensor input, Activation activation, Tensor output);

    /// <summary>Applies PReLU to checked windows.</summary>
    protected abstract void PReluCore(Workspace workspace, Tensor input, VectorWeights slope, Tensor output);

    /// <summary>Combines checked windows.</summary>
    protected abstract void CombineCore(Workspace workspace, Tensor left, Tensor right, BinaryOperation operation, Tensor output);
}
