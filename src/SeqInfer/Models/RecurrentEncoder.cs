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
    // A step reads all recurrent weights: for so many sequences at once that it is not their reading that takes the time. A thread takes sequences.
    private const int MinSequences = 8;

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

    /// <summary>Numbers of the state: h of every layer, then c of every layer.</summary>
    public int StateSize => checked(_stack.Shape.StateCount * _stack.Shape.HiddenSize * (IsLstm ? 2 : 1));

    /// <summary>False where a network runs from the last event to the first: each new event changes all its states.</summary>
    public bool HasState => !_stack.Shape.IsBidirectional;

    private bool IsLstm => _stack.Shape.Cell == RecurrentCell.Lstm;

    /// <summary>Computes the user vector of every history; its input 0.</summary>
    public void Forward(ForwardPass pass, Tensor user)
    {
        RecurrentStates states = EmitStates(pass, pass.Batch.Count);
        using WorkspaceFrame frame = pass.Workspace.Frame();
        Run(pass, states);
        Project(pass.Workspace, states, user);
    }

    /// <summary>Takes new events into the state of one user.</summary>
    public void Advance(ForwardPass pass, int eventCount, StateValues state)
    {
        RecurrentStates states = TakeStates(pass, 1);
        if (eventCount > 0)
            states = Write(pass.Workspace, state, states);
        Run(pass, states);
        int size = (int)states.Hidden.ElementCount;
        state[..size].CopyFrom(_device, pass.Workspace, states.Hidden);
        if (states.Cell is { } cell)
            state[size..].CopyFrom(_device, pass.Workspace, cell);
    }

    /// <summary>The user vector that a state stands for.</summary>
    public void Encode(ForwardPass pass, int eventCount, StateValues state, Tensor user)
    {
        RecurrentStates states = EmitStates(pass, 1);
        using WorkspaceFrame frame = pass.Workspace.Frame();
        if (eventCount > 0)
            states = Write(pass.Workspace, state, states);
        else
            Run(pass, states);
        Project(pass.Workspace, states, user);
    }

    private void Run(ForwardPass pass, RecurrentStates states)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Ragged sequences = pass.Sequences(0, out Indices ids);
        var blocks = new SequenceBlocks(workspace, sequences, _device.PreferredElements, RowElements, MinSequences * _device.Threads);
        while (blocks.MoveNext())
        {
            using WorkspaceFrame part = workspace.Frame();
            Run(workspace, ids.Slice(blocks.FirstRow, blocks.RowCount), blocks.TakeSequences(), states.From(blocks.First, sequences.Count));
        }
    }

    // The input of every step, projected to all gates, is what a layer writes first.
    private long RowElements => (_items?.ColumnCount ?? 0) + ((long)RecurrentSpec.GatesOf(_stack.Shape.Cell) * _stack.Shape.HiddenSize);

    private void Run(Workspace workspace, Indices ids, Ragged sequences, RecurrentStates states)
    {
        if (_items is null)
        {
            _stack.Forward(workspace, ids, sequences, states);
            return;
        }

        Tensor x = workspace.Take(ids.Count, _items.ColumnCount);
        _device.Embed(workspace, ids, _items, x);
        _stack.Forward(workspace, x, sequences, states);
    }

    private void Project(Workspace workspace, RecurrentStates states, Tensor user)
    {
        if (_projection is null)
        {
            _stack.TopState(workspace, states, user);
            return;
        }

        Tensor top = workspace.Take(user.RowCount, _stack.Shape.OutputSize);
        _stack.TopState(workspace, states, top);
        _projection.Forward(workspace, top, user);
    }

    private RecurrentStates Write(Workspace workspace, StateValues state, RecurrentStates states)
    {
        int size = (int)states.Hidden.ElementCount;
        state[..size].CopyTo(_device, workspace, states.Hidden);
        if (states.Cell is { } cell)
            state[size..].CopyTo(_device, workspace, cell);
        return states with { AreInitial = true };
    }

    private RecurrentStates EmitStates(ForwardPass pass, int batch)
    {
        RecurrentStates states = TakeStates(pass, batch);
        if (_stateH >= 0)
            pass.Emit(_stateH, states.Hidden);
        if (_stateC >= 0)
            pass.Emit(_stateC, states.Cell!.Value);
        return states;
    }

    private RecurrentStates TakeStates(ForwardPass pass, int batch)
    {
        int rows = checked(_stack.Shape.StateCount * batch);
        Tensor hidden = pass.Take(rows, _stack.Shape.HiddenSize);
        return new RecurrentStates(hidden, IsLstm ? pass.Take(rows, _stack.Shape.HiddenSize) : null);
    }
}
