namespace SeqInfer.Devices.Cpu.Threading;

/// <summary>A share in a team. Devices that ask for the same size share one; the last to give it back ends its threads.</summary>
internal sealed class TeamLease : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, Shared> Teams = [];

    private readonly Shared _shared;
    private bool _returned;

    private TeamLease(Shared shared) => _shared = shared;

    /// <summary>The team, until the lease is disposed.</summary>
    public WorkerTeam Team => _shared.Team;

    /// <summary>A share in the team of a size.</summary>
    /// <param name="size">Threads including the caller, 2 to <see cref="WorkerTeam.MaxSize"/>.</param>
    public static TeamLease Take(int size)
    {
        lock (Gate)
        {
            if (!Teams.TryGetValue(size, out Shared? shared))
                Teams.Add(size, shared = new Shared(size));
            shared.Leases++;
            return new TeamLease(shared);
        }
    }

    /// <summary>Gives the share back; the last one waits until the threads have ended.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (_returned)
                return;
            _returned = true;
            if (--_shared.Leases > 0)
                return;
            Teams.Remove(_shared.Team.Size);
        }

        _shared.Team.Dispose();
    }

    private sealed class Shared(int size)
    {
        public WorkerTeam Team { get; } = new(size);

        public int Leases { get; set; }
    }
}
