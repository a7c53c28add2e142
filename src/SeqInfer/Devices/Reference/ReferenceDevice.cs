using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

/// <summary>
/// The op set in double precision, with the most obvious loops: slow, allocating, and the oracle that every other device is compared with.
/// Each group of operations stands in a file of its own and follows the formulas of <see cref="Device"/> to the letter.
/// </summary>
public sealed partial class ReferenceDevice : Device
{
    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override string KernelName => "reference-f64";

    /// <inheritdoc/>
    public override bool IsDouble => true;

    /// <inheritdoc/>
    /// <exception cref="DeviceException">The size exceeds what an array holds.</exception>
    public override Workspace CreateWorkspace(WorkspaceSize size) => new ReferenceWorkspace(size);

    /// <inheritdoc/>
    protected override bool Supports(WeightStorage storage) => Enum.IsDefined(storage);

    /// <inheritdoc/>
    protected override bool Owns(Workspace workspace) => workspace is ReferenceWorkspace;

    /// <inheritdoc/>
    protected override void WriteCore(Workspace workspace, ReadOnlySpan<float> source, Tensor target)
    {
        Matrix y = At(workspace, target);
        int i = 0;
        for (int row = 0; row < y.RowCount; row++)
        {
            for (int column = 0; column < y.ColumnCount; column++)
                y[row, column] = source[i++];
        }
    }

    /// <inheritdoc/>
    protected override void WriteCore(Workspace workspace, ReadOnlySpan<double> source, Tensor target)
    {
        Matrix y = At(workspace, target);
        for (int row = 0; row < y.RowCount; row++)
            source.Slice(row * y.ColumnCount, y.ColumnCount).CopyTo(y.Row(row));
    }

    /// <inheritdoc/>
    protected override void ReadCore(Workspace workspace, Tensor source, Span<float> target)
    {
        Matrix x = At(workspace, source);
        int i = 0;
        for (int row = 0; row < x.RowCount; row++)
        {
            for (int column = 0; column < x.ColumnCount; column++)
                target[i++] = (float)x[row, column];
        }
    }

    /// <inheritdoc/>
    protected override void ReadCore(Workspace workspace, Tensor source, Span<double> target)
    {
        Matrix x = At(workspace, source);
        int i = 0;
        for (int row = 0; row < x.RowCount; row++)
        {
            for (int column = 0; column < x.ColumnCount; column++)
                target[i++] = x[row, column];
        }
    }

    private static Matrix At(Workspace workspace, Tensor window) => ((ReferenceWorkspace)workspace).Matrix(window);

    private static Matrix? At(Workspace workspace, Tensor? window) => window is { } part ? At(workspace, part) : null;
}
