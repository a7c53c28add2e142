using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>The layers over sequences: a state of [steps, width] until it is pooled or flattened.</summary>
internal sealed partial class SequentialReader
{
    /// <summary>Reads the field "input", and the embedding that ids need.</summary>
    /// <returns>The layer after it.</returns>
    private int ReadInput(ModelConfig config)
    {
        InputForm form = config.OptionalChoice(
            "input",
            InputForm.Features,
            ("features", InputForm.Features),
            ("sequence", InputForm.Sequence),
            ("ids", InputForm.Ids));
        _length = form == InputForm.Features ? 0 : config.Int("input_length");
        if (form != InputForm.Ids)
        {
            _width = config.Int("input_size");
            _input = new InputSpec { Name = "features", Kind = InputKind.Values, Width = checked(_width * Math.Max(1, _length)) };
            return 0;
        }

        ModelConfig embedding = _layers[0];
        if (TypeOf(embedding) != LayerType.Embedding)
            throw embedding.Error("type", "is not allowed; the first layer over ids is an \"embedding\"");
        int rows = embedding.Int("rows");
        _width = embedding.Int("size");
        _table = _device.CreateTable(Scope(embedding).Matrix("weight", rows, _width));
        _input = new InputSpec { Name = "ids", Kind = InputKind.Ids, Width = _length, MaxId = rows - 1 };
        CheckOutputs(0);
        return 1;
    }

    private int ReadConvolution(int i)
    {
        ModelConfig layer = _layers[i];
        RequireSequence(layer);
        int inputSize = ReadInputSize(layer);
        int outputSize = layer.Int("out");
        int taps = layer.Int("kernel_size");
        WeightScope scope = Scope(layer);
        Parameter weight = layer.Choice("kernel_layout", ("out_in_k", false), ("k_in_out", true))
            ? scope.Tensor("weight", taps, inputSize, outputSize).Reshape(checked(taps * inputSize), outputSize).Transpose()
            : Convolution.TapMajor(scope.Tensor("weight", outputSize, inputSize, taps), inputSize);
        Parameter? bias = layer.Bool("bias") ? scope.Vector("bias", outputSize) : null;
        ConvolutionGrid grid = ReadGrid(layer, taps);
        int last = Fuse(i, outputSize, ref weight, ref bias, out Activation activation);
        var convolution = new Convolution(_device, weight, bias, inputSize);
        Add(i, last, outputSize, grid.OutputLength, (workspace, x, y) =>
        {
            using WorkspaceFrame frame = workspace.Frame();
            convolution.Forward(workspace, x, grid.Taps(workspace, y.RowCount / grid.OutputLength), y, activation);
        });
        return last + 1;
    }

    private ConvolutionGrid ReadGrid(ModelConfig layer, int taps)
    {
        int dilation = layer.Int("dilation");
        int stride = layer.Int("stride");
        int reach = checked(dilation * (taps - 1));
        (int before, int after) = (0, 0);
        if (layer.IsNumber("padding"))
        {
            before = after = layer.Int("padding", min: 0);
        }
        else
        {
            before = layer.Choice("padding", ("same", reach / 2), ("causal", reach));
            after = reach - before;
            if (stride != 1)
                throw layer.Error("stride", $"{stride} is not allowed with padding \"same\" and \"causal\"; expected 1");
        }

        return Checked(layer, new ConvolutionGrid(_length, taps, stride, dilation, before, after));
    }

    private void ReadPool(int i)
    {
        ModelConfig layer = _layers[i];
        RequireSequence(layer);
        PoolKind kind = layer.Choice("function", ("max", PoolKind.Max), ("mean", PoolKind.Mean));
        ConvolutionGrid grid = Checked(layer, new ConvolutionGrid(_length, layer.Int("kernel_size"), layer.Int("stride")));
        bool isWhole = grid.Stride == grid.TapCount && grid.OutputLength * grid.TapCount == _length;
        Add(i, i, _width, grid.OutputLength, (workspace, x, y) =>
        {
            using WorkspaceFrame frame = workspace.Frame();
            if (!isWhole)
            {
                Tensor gathered = workspace.Take(y.RowCount * grid.TapCount, x.ColumnCount);
                _device.GatherRows(workspace, x, grid.Windows(workspace, y.RowCount / grid.OutputLength), gathered);
                x = gathered;
            }

            _device.Pool(workspace, x, workspace.TakeRagged(y.RowCount, grid.TapCount), kind, y);
        });
    }

    private void ReadGlobalPool(int i)
    {
        ModelConfig layer = _layers[i];
        RequireSequence(layer);
        PoolKind kind = layer.Choice(
            "function", ("max", PoolKind.Max), ("mean", PoolKind.Mean), ("sum", PoolKind.Sum), ("last", PoolKind.Last));
        int length = _length;
        Add(i, i, _width, 0, (workspace, x, y) =>
        {
            using WorkspaceFrame frame = workspace.Frame();
            _device.Pool(workspace, x, workspace.TakeRagged(y.RowCount, length), kind, y);
        });
    }

    private void ReadFlatten(int i)
    {
        ModelConfig layer = _layers[i];
        RequireSequence(layer);
        FlattenOrder order = layer.Choice("order", ("channels_first", FlattenOrder.ChannelsFirst), ("time_first", FlattenOrder.TimeFirst));
        int length = _length;
        Add(i, i, checked(_width * length), 0, (workspace, x, y) => _device.Flatten(workspace, x, length, order, y));
    }

    private void RequireSequence(ModelConfig layer)
    {
        if (_length == 0)
            throw layer.Error("type", "is not allowed here; the layer before gives no sequence");
    }

    private static ConvolutionGrid Checked(ModelConfig layer, ConvolutionGrid grid) => grid.OutputLength > 0
        ? grid
        : throw layer.Error("kernel_size", $"{grid.TapCount} is not allowed; the layer before gives {grid.InputLength} steps");

    private enum InputForm
    {
        Features,
        Sequence,
        Ids,
    }
}
