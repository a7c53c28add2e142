using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>A residual block: x + relu(LN(conv2 relu(LN(conv1 x)))), where conv2 has twice the dilation of conv1.</summary>
internal sealed class NextItNetBlock
{
    private readonly Device _device;
    private readonly int _dilation;
    private readonly CausalSlots _outputs;
    private readonly CausalSlots _middle;
    private readonly Convolution _first;
    private readonly Convolution _second;
    private readonly LayerNorm _firstNorm;
    private readonly LayerNorm _secondNorm;

    /// <summary>Reads conv1, ln1, conv2 and ln2 below a scope.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="scope">The block.</param>
    /// <param name="outputs">The slots that later blocks read.</param>
    /// <param name="sizes">Columns, taps and dilation.</param>
    /// <param name="epsilon">Of both norms.</param>
    public NextItNetBlock(Device device, WeightScope scope, CausalSlots outputs, (int Columns, int Taps, int Dilation) sizes, double epsilon)
    {
        _device = device;
        _dilation = sizes.Dilation;
        _outputs = outputs;
        _middle = outputs.SeenThrough(sizes.Taps, checked(2 * sizes.Dilation));
        Inputs = _middle.SeenThrough(sizes.Taps, sizes.Dilation);
        _first = ReadConvolution(device, scope.Scope("conv1"), sizes.Columns, sizes.Taps);
        _second = ReadConvolution(device, scope.Scope("conv2"), sizes.Columns, sizes.Taps);
        _firstNorm = new LayerNorm(device, scope.Scope("ln1"), sizes.Columns, epsilon);
        _secondNorm = new LayerNorm(device, scope.Scope("ln2"), sizes.Columns, epsilon);
    }

    /// <summary>The slots that it reads.</summary>
    public CausalSlots Inputs { get; }

    /// <summary>Computes the block's rows.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="windows">The slots of every sequence.</param>
    /// <param name="rows">Which rows of x belong to a sequence; receives those of the result.</param>
    /// <param name="x">A row for each slot of <see cref="Inputs"/>.</param>
    /// <param name="target">At least as many rows, apart from x.</param>
    /// <returns>The rows of the target that were filled.</returns>
    public Tensor Forward(Workspace workspace, Ragged windows, ref Ragged rows, Tensor x, Tensor target)
    {
        Ragged outputRows = _outputs.Rows(workspace, windows);
        Tensor y = target.Rows(0, outputRows.RowCount);
        using WorkspaceFrame frame = workspace.Frame();
        Ragged middleRows = _middle.Rows(workspace, windows);
        Tensor middle = workspace.Take(middleRows.RowCount, x.ColumnCount);
        Indices taps = _middle.Taps(workspace, windows, middleRows, Inputs, rows, _first.TapCount, _dilation);
        _first.Forward(workspace, x, taps, middle);
        Activate(workspace, middle, _firstNorm);

        Tensor change = workspace.Take(outputRows.RowCount, x.ColumnCount);
        taps = _outputs.Taps(workspace, windows, outputRows, _middle, middleRows, _second.TapCount, 2 * _dilation);
        _second.Forward(workspace, middle, taps, change);
        Activate(workspace, change, _secondNorm);

        _device.GatherRows(workspace, x, _outputs.Taps(workspace, windows, outputRows, Inputs, rows, tapCount: 1, dilation: 1), y);
        _device.Combine(workspace, y, change, BinaryOperation.Add, y);
        rows = outputRows;
        return y;
    }

    private void Activate(Workspace workspace, Tensor x, LayerNorm norm)
    {
        norm.Forward(workspace, x, x);
        _device.Apply(workspace, x, ActivationKind.Relu, x);
    }

    private static Convolution ReadConvolution(Device device, WeightScope scope, int size, int taps) => new(
        device, Convolution.TapMajor(scope.Tensor("weight", size, size, 1, taps), size), scope.Vector("bias", size), size);
}
