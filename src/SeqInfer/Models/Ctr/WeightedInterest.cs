using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Models.Ctr;

/// <summary>The sum of a history's keys, weighted by a candidate's attention: DIN's interest, and that of DIEN's plain variant.</summary>
internal static class WeightedInterest
{
    /// <summary>Computes it for every candidate.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="attention">Weighs the pairs.</param>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="keys">[events, width].</param>
    /// <param name="events">Which events form a history.</param>
    /// <param name="targets">[candidates, width].</param>
    /// <param name="candidates">Which candidates belong to which history.</param>
    /// <param name="interest">[candidates, width].</param>
    public static void Forward(
        Device device,
        TargetAttention attention,
        Workspace workspace,
        Tensor keys,
        Ragged events,
        Tensor targets,
        Ragged candidates,
        Tensor interest)
    {
        using WorkspaceFrame frame = workspace.Frame();
        TargetAttention.Projected query = new(targets, workspace.Take(targets.RowCount, attention.FirstSize));
        TargetAttention.Projected key = new(keys, workspace.Take(keys.RowCount, attention.FirstSize));
        attention.ProjectTargets(workspace, targets, query.Part);
        attention.ProjectKeys(workspace, keys, key.Part);
        var chunks = new PairChunks(workspace, events, candidates);
        Tensor weights = workspace.Take(chunks.MaxPairs, 1);
        while (chunks.TryNext(out PairChunk pairs))
        {
            Tensor used = weights.Rows(0, pairs.Count);
            attention.Weigh(workspace, pairs, query, key, used);
            device.Aggregate(
                workspace,
                keys,
                new Adjacency(pairs.Sequences, pairs.Events, used),
                AggregateKind.Sum,
                interest.Rows(pairs.FirstTarget, pairs.TargetCount));
        }
    }
}
