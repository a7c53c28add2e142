using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using SeqInfer.Kernels;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu.Threading;

/// <summary>
/// A caller and some threads that help it: cuts a job into chunks, of which each thread takes the next one that is free. Serves one job
/// at a time; a caller who finds it busy does its job alone, at once.
/// </summary>
/// <remarks>
/// Nothing is allocated for a job, and none waits for a thread that sleeps: the caller does every chunk that no helper has taken. A job
/// inside a job finds the team busy and runs where it is.
/// </remarks>
internal sealed unsafe class WorkerTeam : IDisposable
{
    /// <summary>Threads of a team at most, as many as a job has chunks.</summary>
    public const int MaxSize = JobBoard.MaxChunks;

    // A chunk costs two bus transactions, a third of a microsecond at worst, and shares out what is late or uneven
    private const double ChunkNanoseconds = 20_000;
    private const int MaxChunksEach = 4;

    private const int MostWakeDoublings = 64;

    private readonly AlignedBuffer<JobBoard> _memory = new(1);
    private readonly JobBoard* _board;
    private readonly Helper[] _helpers;
    private readonly TeamTuning _tuning;
    private Exception? _failure;
    private double _missed;
    private double _wakeFrom;
    private int _jobsAlone;
    private volatile bool _stopping;

    /// <summary>Starts the helpers.</summary>
    /// <param name="size">Threads including the caller, 2 to <see cref="MaxSize"/>.</param>
    public WorkerTeam(int size)
        : this(size, TeamTuning.Default)
    {
    }

    /// <summary>Starts the helpers.</summary>
    /// <param name="size">Threads including the caller, 2 to <see cref="MaxSize"/>.</param>
    /// <param name="tuning">When they are called on.</param>
    public WorkerTeam(int size, TeamTuning tuning)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        Size = size;
        _tuning = tuning;
        _wakeFrom = tuning.WakeFrom;
        _board = _memory.Pointer;
        _board->Clear();
        _helpers = new Helper[size - 1];
        for (int i = 0; i < _helpers.Length; i++)
            _helpers[i] = new Helper(this, i + 1);
    }

    /// <summary>Threads, the caller among them.</summary>
    public int Size { get; }

    /// <summary>True when every helper is blocked.</summary>
    public bool IsAsleep => Volatile.Read(ref _board->Sleepers) == _helpers.Length;

    /// <summary>False once <see cref="Dispose"/> has ended every thread.</summary>
    public bool IsRunning => Array.Exists(_helpers, helper => helper.IsRunning);

    /// <summary>True once <see cref="Dispose"/> has begun.</summary>
    internal bool IsStopping => _stopping;

    internal bool HasWork => _board->HasWork;

    /// <summary>Does a job, with the helpers that are there or worth waking; returns when all of it is done.</summary>
    /// <param name="job">The job; every thread sees the copy that lies on the caller's stack.</param>
    /// <param name="itemCount">Its items.</param>
    /// <param name="nanoseconds">About how long one thread takes.</param>
    /// <remarks>What a chunk throws comes out here, the first exception of several, once no thread works on the job any more.</remarks>
    public void Run<TJob>(TJob job, int itemCount, double nanoseconds)
        where TJob : struct, IParallelJob
    {
        int chunks = Math.Min(itemCount, ChunksFor(nanoseconds));
        if (chunks < 2 || !TryEnter(nanoseconds))
        {
            job.Run(0, itemCount, 0);
            return;
        }

        _board->CallerProcessor = Placement.Current;
        _board->Publish(&Invoke<TJob>, Unsafe.AsPointer(ref job), itemCount, chunks);
        Wake(nanoseconds);
        Work(0, 0);
        AwaitHelpers();
        Exception? failure = _failure;
        _failure = null;
        Volatile.Write(ref _board->Busy, 0);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the threads and waits for them. No job may be running.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        Interlocked.MemoryBarrier();
        foreach (Helper helper in _helpers)
        {
            helper.Wake();
            helper.Join();
        }

        _memory.Dispose();
    }

    /// <summary>Looks for work for a while; false where there was none, or the team stops.</summary>
    internal bool AwaitWork(Helper helper)
    {
        long start = Stopwatch.GetTimestamp();
        while (!_stopping)
        {
            for (int i = 0; i < Spin.PausesBeforeYield; i++)
            {
                if (_board->HasWork)
                    return true;
                Spin.Pause();
            }

            if (Stopwatch.GetTimestamp() - start > Spin.IdleTicks)
                return false;

            // The caller itself may be waiting for this processor, and then nothing ever comes
            helper.KeepOff(_board->CallerProcessor);
            Thread.Yield();
        }

        return false;
    }

    /// <summary>Takes part in the job of the moment as a helper.</summary>
    internal void Help(int worker)
    {
        int chunk = _board->Enter(worker, Size);
        if (chunk < 0)
            return;
        _board->WasHelped = true;
        Work(worker, chunk);
        _board->Leave();
    }

    internal void CountSleeper(int change) => Interlocked.Add(ref _board->Sleepers, change);

    private static void Invoke<TJob>(void* job, int begin, int end, int worker)
        where TJob : struct, IParallelJob => Unsafe.AsRef<TJob>(job).Run(begin, end, worker);

    private int ChunksFor(double nanoseconds) =>
        Math.Min(Size * (int)Math.Clamp(nanoseconds / (Size * ChunkNanoseconds), 1, MaxChunksEach), JobBoard.MaxChunks);

    // Counts what sleeping helpers have missed: many small jobs are worth a wake as one large job is, unless the last wake was for nothing.
    private bool TryEnter(double nanoseconds)
    {
        if (_jobsAlone > 0)
        {
            _jobsAlone--;
            return false;
        }

        if (Interlocked.CompareExchange(ref _board->Busy, 1, 0) != 0)
        {
            _jobsAlone = _tuning.JobsAloneAfterCollision;
            return false;
        }

        if (!IsAsleep)
            return true;
        _missed += nanoseconds;
        if (_missed >= _wakeFrom)
        {
            _missed = 0;
            _wakeFrom = _board->WasHelped ? _tuning.WakeFrom : Math.Min(2 * _wakeFrom, MostWakeDoublings * _tuning.WakeFrom);
            _board->WasHelped = false;
            return true;
        }

        Volatile.Write(ref _board->Busy, 0);
        return false;
    }

    private void Wake(double nanoseconds)
    {
        int sleepers = Volatile.Read(ref _board->Sleepers);
        if (sleepers == 0 || (sleepers < _helpers.Length && nanoseconds < _wakeFrom))
            return;
        foreach (Helper helper in _helpers)
            helper.Wake();
    }

    private void Work(int worker, int chunk)
    {
        try
        {
            do
            {
                _board->Run(chunk, worker);
                chunk = _board->Take(worker, Size);
            }
            while (chunk >= 0);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
            _board->Cancel();
        }
    }

    private void AwaitHelpers()
    {
        for (int i = 1; _board->HasHelpers; i++)
        {
            if (i % Spin.PausesBeforeYield == 0)
                Thread.Yield();
            else
                Spin.Pause();
        }
    }
}
