using SeqInfer.Layers;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <content>The state of a user, where a new event leaves the rows of the older ones as they are.</content>
/// <remarks>Layout: the newest event's row behind the last block, then for every event what every block keeps of it.</remarks>
internal sealed partial class TransformerEncoder
{
    /// <summary>True where it goes on from event to event.</summary>
    public bool HasState => _options.GrowsAtTheEnd;

    /// <summary>Numbers of an event.</summary>
    private int EventSize => FirstOfBlock(_blocks.Length);

    /// <summary>Numbers of the state.</summary>
    public int StateSize(int eventCount) => checked(_options.HiddenSize + (eventCount * EventSize));

    /// <summary>Takes new events into the state of one user: their rows alone go through the blocks.</summary>
    public void Advance(ForwardPass pass, int eventCount, StateValues state)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Ragged added = pass.Sequences(0, out Indices ids);
        Tensor x = workspace.Take(ids.Count, _options.HiddenSize);
        Embed(workspace, ids, Positions(workspace, ids, eventCount), x);

        StateValues kept = state[_options.HiddenSize..];
        (int old, int all) = (checked(eventCount * EventSize), checked((eventCount + ids.Count) * EventSize));
        Tensor events = workspace.Take(eventCount + ids.Count, EventSize);
        kept[..old].CopyTo(_device, workspace, events.Rows(0, eventCount));
        var rows = new AttentionRows(added, workspace.TakeRagged(1, eventCount + ids.Count), IsCausal: true, PrefixCounts: null);
        for (int i = 0; i < _blocks.Length - 1; i++)
            _blocks[i].Forward(workspace, x, x, rows with { Kept = OfBlock(events, i) });

        Tensor y = workspace.Take(1, _options.HiddenSize);
        _device.GatherRows(workspace, x, LastRow(workspace, ids), y);
        if (_blocks.Length > 0)
            _blocks[^1].Forward(workspace, y, x, rows with { Queries = pass.OneRowEach(1), Kept = OfBlock(events, _blocks.Length - 1) });
        _finalNorm?.Forward(workspace, y, y);
        state[.._options.HiddenSize].CopyFrom(_device, workspace, y);
        kept[old..all].CopyFrom(_device, workspace, events.Rows(eventCount, ids.Count));
    }

    /// <summary>The state at the newest event.</summary>
    /// <param name="pass">The request; its history is empty.</param>
    /// <param name="eventCount">Events that the state holds.</param>
    /// <param name="state">Their numbers.</param>
    /// <param name="y">[1, hidden size].</param>
    public void Forward(ForwardPass pass, int eventCount, StateValues state, Tensor y)
    {
        if (eventCount > 0)
            state[.._options.HiddenSize].CopyTo(_device, pass.Workspace, y);
        else
            Forward(pass, 0, y);
    }

    private Tensor OfBlock(Tensor events, int block) => events.Columns(FirstOfBlock(block), _blocks[block].KeptSize);

    private int FirstOfBlock(int block)
    {
        int size = 0;
        foreach (TransformerBlock before in _blocks.AsSpan(..block))
            size = checked(size + before.KeptSize);
        return size;
    }

    private Indices Positions(Workspace workspace, Indices ids, int first)
    {
        Indices positions = workspace.TakeIndices(ids.Count);
        ReadOnlySpan<int> values = workspace.Span(ids);
        Span<int> target = workspace.Span(positions);
        for (int i = 0; i < values.Length; i++)
            target[i] = _options.PositionOf(values[i], first + i);
        return positions;
    }

    private static Indices LastRow(Workspace workspace, Indices ids)
    {
        Indices last = workspace.TakeIndices(1);
        workspace.Span(last)[0] = ids.Count - 1;
        return last;
    }
}
