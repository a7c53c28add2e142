namespace SeqInfer.Devices.Cpu.Threading;

/// <summary>When a team calls on its helpers.</summary>
/// <param name="WakeFrom">Nanoseconds of work, in one job or in several that sleeping helpers have missed, from which waking them is worth it. Doubles each
/// time that they find nothing left to do.</param>
/// <param name="JobsAloneAfterCollision">
/// How many jobs run on their callers alone after one has found the team busy: two callers at once leave no processor for helpers.
/// </param>
internal readonly record struct TeamTuning(double WakeFrom, int JobsAloneAfterCollision)
{
    /// <summary>Waking costs the caller a system call of some ten microseconds, and the helper comes some fifty microseconds later.</summary>
    public static TeamTuning Default => new(WakeFrom: 100_000, JobsAloneAfterCollision: 256);

    /// <summary>Every job wakes, and no collision is remembered: for tests.</summary>
    public static TeamTuning Eager => new(WakeFrom: 0, JobsAloneAfterCollision: 0);
}
