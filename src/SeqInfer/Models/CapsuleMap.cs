using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>What the bilinear mapping of a capsule network depends on.</summary>
internal enum CapsuleSharing
{
    /// <summary>u = W x, the same for all interests (MIND).</summary>
    Shared,

    /// <summary>u_j = W_j x.</summary>
    PerInterest,

    /// <summary>u_jt = W_jt x, t the slot of the event (ComiRec-DR).</summary>
    PerSlotAndInterest,
}

/// <summary>The bilinear mapping from events to what they say about each interest.</summary>
internal sealed class CapsuleMap
{
    private readonly Device _device;
    private readonly Linear[] _linears;
    private readonly int _hidden;

    public CapsuleMap(Device device, WeightScope weights, MultiInterestOptions options, CapsuleSharing sharing)
    {
        _device = device;
        _hidden = options.HiddenSize;
        IsShared = sharing == CapsuleSharing.Shared;
        int outputs = IsShared ? _hidden : checked(options.InterestCount * _hidden);
        if (sharing != CapsuleSharing.PerSlotAndInterest)
        {
            _linears = [new Linear(device, weights.Scope("linear"), _hidden, outputs, hasBias: false)];
            return;
        }

        Parameter all = weights.Tensor("w", 1, options.MaxLength, outputs, _hidden).Reshape(checked(options.MaxLength * outputs), _hidden);
        _linears = [.. Enumerable.Range(0, options.MaxLength)
            .Select(slot => new Linear(device.CreateLinear(all.SliceRows(slot * outputs, outputs), null)))];
    }

    /// <summary>Columns of the result: hidden size, times the interests where the mapping depends on them.</summary>
    public int OutputSize => _linears[0].OutputSize;

    private bool IsShared { get; }

    /// <summary>The part of a result that belongs to one interest.</summary>
    public Tensor Of(Tensor projected, int interest) => IsShared ? projected : projected.Columns(interest * _hidden, _hidden);

    /// <summary>Maps all events; <paramref name="y"/> is [events, <see cref="OutputSize"/>].</summary>
    public void Forward(Workspace workspace, in InterestEvents events, Tensor y)
    {
        if (_linears.Length == 1)
        {
            _linears[0].Forward(workspace, events.Rows, y);
            return;
        }

        using WorkspaceFrame frame = workspace.Frame();
        Indices starts = workspace.TakeIndices(_linears.Length + 1);
        Indices order = workspace.TakeIndices(y.RowCount);
        Indices places = workspace.TakeIndices(y.RowCount);
        Tensor x = workspace.Take(y.RowCount, _hidden);
        Tensor sorted = workspace.Take(y.RowCount, y.ColumnCount);
        Sort(workspace.Span(events.Slots), workspace.Span(starts), workspace.Span(order), workspace.Span(places));
        _device.GatherRows(workspace, events.Rows, order, x);
        if (workspace.IsPlanning)
        {
            // A slot has one event of a history at most.
            int most = Math.Min(x.RowCount, events.Sequences.Count);
            _linears[0].Forward(workspace, x.Rows(0, most), sorted.Rows(0, most));
        }
        else
        {
            for (int slot = 0; slot < _linears.Length; slot++)
            {
                int start = workspace.Span(starts)[slot];
                int count = workspace.Span(starts)[slot + 1] - start;
                if (count > 0)
                    _linears[slot].Forward(workspace, x.Rows(start, count), sorted.Rows(start, count));
            }
        }

        _device.GatherRows(workspace, sorted, places, y);
    }

    // Counts the events of every slot, then gives each its place: slot after slot, in the order of the batch.
    private static void Sort(ReadOnlySpan<int> slots, Span<int> starts, Span<int> order, Span<int> places)
    {
        starts.Clear();
        foreach (int slot in slots)
            starts[slot + 1]++;
        for (int slot = 1; slot < starts.Length; slot++)
            starts[slot] += starts[slot - 1];
        for (int row = 0; row < slots.Length; row++)
        {
            int place = starts[slots[row]]++;
            order[place] = row;
            places[row] = place;
        }

        // Each start has moved to the next one's.
        for (int slot = starts.Length - 1; slot > 0; slot--)
            starts[slot] = starts[slot - 1];
        starts[0] = 0;
    }
}
