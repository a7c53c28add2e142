using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>How a recurrent model scores items from its last state.</summary>
internal enum RecurrentHead
{
    /// <summary>A linear layer with one output an item.</summary>
    Linear,

    /// <summary>A linear layer to the embedding size, then the inner product with the item's embedding.</summary>
    LinearThenTiedEmbedding,
}

/// <summary>What the recurrent families share: ids to states, the optional output layer, and the outputs state_h and state_c.</summary>
internal sealed class RecurrentEncoder
{
    private readonly Device _device;
    private readonly RecurrentStack _stack;
    private readonly Table? _items;
    private readonly int _stateH;
    private readonly int _stateC;
    private Linear? _projection;

    /// <summary>Wraps a network; <paramref name="items"/> is null where its input is one-hot.</summary>
    public RecurrentEncoder(Device device, ModelSignature signature, Parameter? items, RecurrentStack stack)
    {
        _device = device;
        _stack = stack;
        _items = items is null ? null : device.CreateTable(items);
        _stateH = signature.IndexOfOutput("state_h");
        _stateC = signature.IndexOfOutput("state_c");
    }

    /// <summary>The words of the field "output_head".</summary>
    public static ReadOnlySpan<(string Word, RecurrentHead Value)> Heads => new (string, RecurrentHead)[]
    {
        ("linear", RecurrentHead.Linear), ("linear_then_tied_embedding", RecurrentHead.LinearThenTiedEmbedding),
    };

    /// <summary>Columns of the vector that items are scored with.</summary>
    public static int UserSize(RecurrentShape shape, RecurrentHead head) =>
        head == RecurrentHead.Linear ? shape.OutputSize : shape.InputSize;

    /// <summary>The outputs of its states.</summary>
    public static OutputSpec[] States(RecurrentShape shape)
    {
        OutputSpec hidden = new() { Name = "state_h", Kind = OutputKind.PerLayer, Width = shape.HiddenSize, LayerCount = shape.StateCount };
        return shape.Cell == RecurrentCell.Lstm ? [hidden, hidden with { Name = "state_c" }] : [hidden];
    }

    /// <summary>Reads the output layer "weight" and "bias" and makes what ranks the items.</summary>
    public Catalogue ReadHead(RecurrentHead head, WeightScope output, Parameter? items, ImmutableArray<int> excludedIds)
    {
        var options = new CatalogueOptions { ExcludedIds = excludedIds };
        int stateSize = _stack.Shape.OutputSize;
        if (head == RecurrentHead.LinearThenTiedEmbedding)
        {
            _projection = new Linear(_device, output, stateSize, items!.Columns, output.Contains("bias"));
            return _device.CreateCatalogue(items, null, options);
        }

        int rows = items?.Rows ?? _stack.Shape.InputSize;
        return _device.CreateCatalogue(output.Matrix("weight", rows, stateSize), output.Vector("bias", rows), options);
    }

    /// <summary>Computes the user vector of every history; its input 0.</summary>
    public void Forward(ForwardPass pass, Tensor user)
    {
        int batch = pass.Batch.Count;
        RecurrentShape shape = _stack.Shape;
        Tensor hidden = State(pass, _stateH, batch);
        Tensor? cell = _stateC < 0 ? null : State(pass, _stateC, batch);

        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Ragged sequences = pass.Sequences(0, out Indices ids);
        if (_items is null)
        {
            _stack.Forward(workspace, ids, sequences, hidden, cell);
        }
        else
        {
            Tensor x = workspace.Take(ids.Count, shape.InputSize);
            _device.Embed(workspace, ids, _items, x);
            _stack.Forward(workspace, x, sequences, hidden, cell);
        }

        if (_projection is null)
        {
            _stack.TopState(workspace, hidden, user);
            return;
        }

        Tensor top = workspace.Take(batch, shape.OutputSize);
        _stack.TopState(workspace, hidden, top);
        _projection.Forward(workspace, top, user);
    }

    private Tensor State(ForwardPass pass, int output, int batch)
    {
        Tensor state = pass.Take(checked(_stack.Shape.StateCount * batch), _stack.Shape.HiddenSize);
        pass.Emit(output, state);
        return state;
    }
}
