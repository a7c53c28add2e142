using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// Additive attention to the events of a session with its last event as the query, without a softmax (Li et al. 2017, NARM; Wu et al. 2019,
/// SR-GNN): weight_t = v sigmoid(A h_last + B h_t), y = sum over t of weight_t h_t.
/// </summary>
public sealed class LastEventAttention
{
    private readonly Device _device;
    private readonly Linear _last;
    private readonly Linear _events;
    private readonly Linear _score;

    /// <summary>Wraps its three layers.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="last">A: [size, size], with the bias if there is one.</param>
    /// <param name="events">B: [size, size], with the bias if there is one.</param>
    /// <param name="score">v: [1, size].</param>
    public LastEventAttention(Device device, Linear last, Linear events, Linear score)
    {
        _device = device;
        _last = last;
        _events = events;
        _score = score;
    }

    /// <summary>Pools every session.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="h">[events, size].</param>
    /// <param name="last">[sessions, size]: the row of each session's last event.</param>
    /// <param name="sessions">Which rows form a session.</param>
    /// <param name="y">[sessions, size]; zeros for an empty session.</param>
    public void Forward(Workspace workspace, Tensor h, Tensor last, Ragged sessions, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor query = workspace.Take(last.RowCount, _last.OutputSize);
        _last.Forward(workspace, last, query);
        Tensor queries = workspace.Take(h.RowCount, query.ColumnCount);
        _device.GatherRows(workspace, query, Owners(workspace, sessions), queries);

        Tensor scores = workspace.Take(h.RowCount, query.ColumnCount);
        _events.Forward(workspace, h, scores);
        _device.Combine(workspace, queries, scores, BinaryOperation.Add, scores);
        _device.Apply(workspace, scores, ActivationKind.Sigmoid, scores);
        Tensor weights = workspace.Take(h.RowCount, 1);
        _score.Forward(workspace, scores, weights);

        Tensor weighted = workspace.Take(h.RowCount, h.ColumnCount);
        _device.ScaleRows(workspace, h, weights, weighted);
        _device.Pool(workspace, weighted, sessions, PoolKind.Sum, y);
    }

    /// <summary>The session of every row.</summary>
    private static Indices Owners(Workspace workspace, Ragged sessions)
    {
        Indices owners = workspace.TakeIndices(sessions.RowCount);
        ReadOnlySpan<int> offsets = workspace.Span(sessions.Offsets);
        Span<int> values = workspace.Span(owners);
        for (int s = 0; s < sessions.Count; s++)
            values[offsets[s]..offsets[s + 1]].Fill(s);
        return owners;
    }
}
