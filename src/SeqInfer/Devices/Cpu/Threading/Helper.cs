namespace SeqInfer.Devices.Cpu.Threading;

/// <summary>A thread of a team beside its callers. Looks for work for some tens of microseconds after each job, then blocks.</summary>
internal sealed class Helper
{
    private readonly WorkerTeam _team;
    private readonly int _worker;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private ulong[] _allowed = [];
    private int _asleep;

    /// <summary>Starts the thread.</summary>
    public Helper(WorkerTeam team, int worker)
    {
        _team = team;
        _worker = worker;
        _thread = new Thread(Loop) { IsBackground = true, Name = $"seqinfer worker {worker} of {team.Size}" };
        _thread.Start();
    }

    /// <summary>True while it is blocked, or about to be and certain to hear <see cref="Wake"/>.</summary>
    public bool IsAsleep => Volatile.Read(ref _asleep) != 0;

    /// <summary>False once the thread has ended.</summary>
    public bool IsRunning => _thread.IsAlive;

    /// <summary>Wakes it where it is asleep. Costs a system call then and nothing otherwise.</summary>
    public void Wake()
    {
        if (IsAsleep && TryRouse())
            _wake.Set();
    }

    /// <summary>Waits until the thread has ended, which a stopping team brings about.</summary>
    public void Join()
    {
        _thread.Join();
        _wake.Dispose();
    }

    /// <summary>Moves the thread, which calls it, off a processor where it stands in a caller's way.</summary>
    public void KeepOff(int processor)
    {
        if (processor != Placement.Unknown && processor == Placement.Current)
            Placement.Avoid(_allowed, processor);
    }

    private void Loop()
    {
        _allowed = Placement.Allowed();
        while (!_team.IsStopping)
        {
            if (_team.AwaitWork(this))
                _team.Help(_worker);
            else
                Sleep();
        }
    }

    private void Sleep()
    {
        // The fence pairs with that of a caller who offers a job: it sees the sleeper, or the sleeper sees the job
        Interlocked.Exchange(ref _asleep, 1);
        _team.CountSleeper(1);
        bool stays = !_team.HasWork && !_team.IsStopping;

        // Whoever takes back the mark counts, and a waker that did has set the event or will
        if (stays || !TryRouse())
            _wake.WaitOne();
    }

    private bool TryRouse()
    {
        if (Interlocked.Exchange(ref _asleep, 0) == 0)
            return false;
        _team.CountSleeper(-1);
        return true;
    }
}
