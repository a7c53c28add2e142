using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer;

/// <summary>One output of the last request of a workspace. Valid until the workspace serves the next one.</summary>
public readonly record struct OutputView
{
    private readonly Device _device;
    private readonly Workspace _workspace;
    private readonly Tensor _values;
    private readonly Indices _ids;

    internal OutputView(OutputSpec spec, Device device, Workspace workspace, Tensor values, Indices ids)
    {
        Spec = spec;
        _device = device;
        _workspace = workspace;
        _values = values;
        _ids = ids;
    }

    /// <summary>What the output is.</summary>
    public OutputSpec Spec { get; }

    /// <summary>Rows: of the batch, of candidates, or layers * batch.</summary>
    public int RowCount => _values.RowCount;

    /// <summary>Columns: the output's width, or k.</summary>
    public int ColumnCount => _values.ColumnCount;

    /// <summary>Values of all rows.</summary>
    public long ElementCount => _values.ElementCount;

    /// <summary>The ids of top-K, row after row, -1 where there are fewer than k items; empty for other outputs.</summary>
    public ReadOnlySpan<int> Ids => _workspace.Span(_ids);

    /// <summary>Gives all values, row after row, where they lie, without a copy; valid until the workspace serves the next request.</summary>
    /// <param name="values">The values; empty where the answer is false.</param>
    /// <returns>
    /// True on the CPU where rows have no gaps: a single row, or rows of a multiple of 16 values. False otherwise: <see cref="CopyTo(Span{float})"/>
    /// serves every case.
    /// </returns>
    public bool TryGetValues(out ReadOnlySpan<float> values) => _device.TryView(_workspace, _values, out values);

    /// <summary>Copies all values, row after row.</summary>
    /// <exception cref="ArgumentException">The target has not exactly <see cref="ElementCount"/> places.</exception>
    public void CopyTo(Span<float> target) => _device.Read(_workspace, _values, target);

    /// <summary>Copies all values, row after row; exact on every device.</summary>
    /// <exception cref="ArgumentException">The target has not exactly <see cref="ElementCount"/> places.</exception>
    public void CopyTo(Span<double> target) => _device.Read(_workspace, _values, target);

    /// <summary>Copies some rows.</summary>
    /// <param name="start">First row.</param>
    /// <param name="count">How many.</param>
    /// <param name="target">count * columns places.</param>
    /// <exception cref="ArgumentException">The rows are not there, or the target has another length.</exception>
    public void CopyRows(int start, int count, Span<float> target) => _device.Read(_workspace, _values.Rows(start, count), target);
}
