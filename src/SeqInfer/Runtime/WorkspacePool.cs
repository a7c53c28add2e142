using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Runtime;

/// <summary>
/// Workspaces for requests that bring none. Keeps as many as there are processors; a workspace that is too small for a request is
/// replaced by a larger one, so sizes settle at the largest request.
/// </summary>
internal sealed class WorkspacePool : IDisposable
{
    private readonly Model _model;
    private readonly ModelWorkspace?[] _slots = new ModelWorkspace?[Math.Max(2, Environment.ProcessorCount)];
    private volatile bool _disposed;

    public WorkspacePool(Model model) => _model = model;

    /// <summary>A workspace with room for the needed limits; give it back with <see cref="Return"/>.</summary>
    public ModelWorkspace Rent(BatchLimits needed)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        for (int i = 0; i < _slots.Length; i++)
        {
            if (Interlocked.Exchange(ref _slots[i], null) is not { } workspace)
                continue;
            if (needed.FitsIn(workspace.Limits))
                return workspace;
            BatchLimits grown = Union(needed, workspace.Limits);
            workspace.Dispose();
            return WorkspacePlanner.Create(_model, grown);
        }

        return WorkspacePlanner.Create(_model, Union(needed, needed));
    }

    /// <summary>Gives a workspace back.</summary>
    public void Return(ModelWorkspace workspace)
    {
        for (int i = 0; i < _slots.Length && !_disposed; i++)
        {
            if (Interlocked.CompareExchange(ref _slots[i], workspace, null) is null)
            {
                // The pool may have been closed in between.
                if (_disposed)
                    Interlocked.Exchange(ref _slots[i], null)?.Dispose();
                return;
            }
        }

        workspace.Dispose();
    }

    public void Dispose()
    {
        _disposed = true;
        for (int i = 0; i < _slots.Length; i++)
            Interlocked.Exchange(ref _slots[i], null)?.Dispose();
    }

    private static BatchLimits Union(BatchLimits left, BatchLimits right) => new()
    {
        MaxBatch = Grow(left.MaxBatch, right.MaxBatch),
        MaxEvents = Grow(left.MaxEvents, right.MaxEvents),
        MaxCandidates = Grow(left.MaxCandidates, right.MaxCandidates),
        MaxExclusions = Grow(left.MaxExclusions, right.MaxExclusions),
        MaxK = Grow(left.MaxK, right.MaxK),
        Outputs = left.Outputs.Union(right.Outputs),
    };

    private static int Grow(int left, int right)
    {
        int most = Math.Max(left, right);
        return most > 1 << 30 ? most : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)most);
    }
}
