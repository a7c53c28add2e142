using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// The routing logits of a capsule network: [events, interests], or, where padding takes part in their softmax, [slots, interests] over
/// whole windows.
/// </summary>
internal sealed class CapsuleRouting
{
    private readonly Device _device;
    private readonly MultiInterestOptions _options;
    private readonly bool _overSlots;
    private readonly Table? _initial;

    /// <summary>Wraps the initial logits.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="overSlots">True: the softmax goes over the slots of the window, padding among them; false: over the interests.</param>
    /// <param name="initial">[slots, interests], or null where every request gives its own.</param>
    public CapsuleRouting(Device device, MultiInterestOptions options, bool overSlots, Parameter? initial)
    {
        _device = device;
        _options = options;
        _overSlots = overSlots;
        _initial = initial is null ? null : device.CreateTable(initial);
    }

    /// <summary>Where the logits of a request stand, and its events among them.</summary>
    /// <param name="Windows">The slots of every user's window.</param>
    /// <param name="SlotOfEvent">For every event its slot in the batch.</param>
    /// <param name="EventOfSlot">For every slot its event, -1 for padding.</param>
    public readonly record struct Places(Ragged Windows, Indices SlotOfEvent, Indices EventOfSlot);

    /// <summary>Numbers the slots of all windows.</summary>
    public Places Locate(Workspace workspace, in InterestEvents events)
    {
        int length = _options.MaxLength;
        int batch = events.Sequences.Count;
        Indices offsets = workspace.TakeIndices(batch + 1);
        Indices slotOfEvent = workspace.TakeIndices(events.Slots.Count);
        Indices eventOfSlot = workspace.TakeIndices(checked(batch * length));
        workspace.Span(eventOfSlot).Fill(-1);
        for (int user = 0; user < batch; user++)
        {
            for (int row = workspace.Span(events.Sequences.Offsets)[user]; row < workspace.Span(events.Sequences.Offsets)[user + 1]; row++)
            {
                int slot = (user * length) + workspace.Span(events.Slots)[row];
                workspace.Span(slotOfEvent)[row] = slot;
                workspace.Span(eventOfSlot)[slot] = row;
            }

            workspace.Span(offsets)[user] = user * length;
        }

        workspace.Span(offsets)[batch] = batch * length;
        return new Places(new Ragged(offsets, batch * length, batch == 0 ? 0 : length), slotOfEvent, eventOfSlot);
    }

    /// <summary>The logits before the first iteration.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="events">The events.</param>
    /// <param name="places">Their places.</param>
    /// <param name="given">The request's logits, [batch, interests * slots], where it gives them.</param>
    public Tensor Start(Workspace workspace, in InterestEvents events, in Places places, ValueColumn? given)
    {
        int interests = _options.InterestCount;
        Tensor logits = workspace.Take(_overSlots ? places.Windows.RowCount : events.Slots.Count, interests);
        if (given is null)
        {
            _device.Embed(workspace, _overSlots ? Cycle(workspace, places.Windows) : events.Slots, _initial!, logits);
            return logits;
        }

        using WorkspaceFrame frame = workspace.Frame();
        Tensor source = workspace.Take(1, given.Values.Length).AsColumn();
        _device.Write(workspace, given.Values, source);
        Indices from = workspace.TakeIndices(checked(logits.RowCount * interests));
        for (int interest = 0; interest < interests; interest++)
        {
            Indices own = from.Slice(interest * logits.RowCount, logits.RowCount);
            Locate(workspace, interest, _overSlots ? null : places.SlotOfEvent, own);
            _device.GatherRows(workspace, source, own, logits.Columns(interest, 1));
        }

        return logits;
    }

    /// <summary>The weight of every event for every interest: [events, interests].</summary>
    public void Softmax(Workspace workspace, Tensor logits, in Places places, Tensor weights)
    {
        if (!_overSlots)
        {
            _device.Softmax(workspace, logits, weights);
            return;
        }

        using WorkspaceFrame frame = workspace.Frame();
        Tensor whole = workspace.Take(logits.RowCount, logits.ColumnCount);
        _device.SegmentSoftmax(workspace, logits, places.Windows, whole);
        _device.GatherRows(workspace, whole, places.SlotOfEvent, weights);
    }

    /// <summary>Adds what an iteration found to the logits of the events; those of padding stay.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="agreement">[events, interests].</param>
    /// <param name="places">The places of the events.</param>
    /// <param name="logits">Changed.</param>
    public void Add(Workspace workspace, Tensor agreement, in Places places, Tensor logits)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor added = agreement;
        if (_overSlots)
        {
            added = workspace.Take(logits.RowCount, logits.ColumnCount);
            _device.GatherRows(workspace, agreement, places.EventOfSlot, added);
        }

        _device.Combine(workspace, logits, added, BinaryOperation.Add, logits);
    }

    private Indices Cycle(Workspace workspace, Ragged windows)
    {
        Indices slots = workspace.TakeIndices(windows.RowCount);
        for (int i = 0; i < slots.Count; i++)
            workspace.Span(slots)[i] = i % _options.MaxLength;
        return slots;
    }

    // Requests give the slots of interest after interest, user after user; here an interest is a column.
    private void Locate(Workspace workspace, int interest, Indices? slots, Indices target)
    {
        int length = _options.MaxLength;
        for (int i = 0; i < target.Count; i++)
        {
            int slot = slots is { } given ? workspace.Span(given)[i] : i;
            workspace.Span(target)[i] = (((slot / length * _options.InterestCount) + interest) * length) + (slot % length);
        }
    }
}
