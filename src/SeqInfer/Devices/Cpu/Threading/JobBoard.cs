using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SeqInfer.Devices.Cpu.Threading;

/// <summary>What the threads of a team share, in native memory: the job of the moment, and apart from it what callers and sleepers count.</summary>
/// <remarks>
/// One word says everything about the job's progress. Its low half has a bit a chunk, set once a thread has taken it or where there is none;
/// its high half counts the helpers that are inside. A helper comes in with the same compare-and-swap that takes its first chunk, so the
/// job is certain to stay until the helper leaves, and one that wakes too late finds no bit and stays out: a caller waits for helpers at
/// work, never for sleepers.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal unsafe struct JobBoard
{
    /// <summary>Chunks that a job is cut into at most.</summary>
    public const int MaxChunks = 32;

    private const long Helper = 1L << MaxChunks;

    // The words that helpers watch and read have a cache line of their own
    [FieldOffset(0)]
    private long _progress;

    [FieldOffset(8)]
    private delegate*<void*, int, int, int, void> _run;

    [FieldOffset(16)]
    private void* _job;

    [FieldOffset(24)]
    private int _itemCount;

    [FieldOffset(28)]
    private int _chunkCount;

    /// <summary>Where the last caller was.</summary>
    [FieldOffset(32)]
    public int CallerProcessor;

    /// <summary>Set by helpers that have found work.</summary>
    [FieldOffset(36)]
    public bool WasHelped;

    /// <summary>1 while a caller has the team.</summary>
    [FieldOffset(64)]
    public int Busy;

    /// <summary>Helpers that are blocked.</summary>
    [FieldOffset(128)]
    public int Sleepers;

    /// <summary>True when some chunk has not been taken.</summary>
    public readonly bool HasWork => (uint)Volatile.Read(in _progress) != uint.MaxValue;

    /// <summary>True when a helper is at work.</summary>
    public readonly bool HasHelpers => Volatile.Read(in _progress) >= Helper;

    /// <summary>A board without a job.</summary>
    public void Clear()
    {
        _progress = uint.MaxValue;
        CallerProcessor = Placement.Unknown;
        WasHelped = true;
    }

    /// <summary>Offers a job whose first chunk the caller has taken. A full fence: what the caller reads next is newer.</summary>
    public void Publish(delegate*<void*, int, int, int, void> run, void* job, int itemCount, int chunkCount)
    {
        _run = run;
        _job = job;
        _itemCount = itemCount;
        _chunkCount = chunkCount;
        Interlocked.Exchange(ref _progress, (long)(uint)(uint.MaxValue << (chunkCount - 1) << 1) | 1);
    }

    /// <summary>Takes a chunk as the caller or as a helper that is inside.</summary>
    /// <param name="worker">
    /// Who takes it: the search begins at a place of the worker's own, so that a thread finds the items it had in the job before.
    /// </param>
    /// <param name="workers">Threads of the team.</param>
    /// <returns>The chunk, or -1 where all are taken.</returns>
    public int Take(int worker, int workers) => Take(worker, workers, 0);

    /// <summary>Comes in as a helper with a chunk.</summary>
    /// <inheritdoc cref="Take(int, int)"/>
    /// <returns>The chunk, or -1 where all are taken; then the helper has not come in.</returns>
    public int Enter(int worker, int workers) => Take(worker, workers, Helper);

    /// <summary>Goes out as a helper.</summary>
    public void Leave() => Interlocked.Add(ref _progress, -Helper);

    /// <summary>Takes all chunks that are left, so that the job ends.</summary>
    public void Cancel() => Interlocked.Or(ref _progress, uint.MaxValue);

    /// <summary>Runs one chunk.</summary>
    public readonly void Run(int chunk, int worker) => _run(_job, Start(chunk), Start(chunk + 1), worker);

    private readonly int Start(int chunk) => (int)((long)chunk * _itemCount / _chunkCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Take(int worker, int workers, long entering)
    {
        long seen = Volatile.Read(ref _progress);
        while (true)
        {
            uint free = ~(uint)seen;
            if (free == 0)
                return -1;

            // Read before the helper is inside, so it may be another job's number of chunks: good enough for a preference
            int home = worker * _chunkCount / workers;
            uint ahead = free >> home << home;
            int chunk = BitOperations.TrailingZeroCount(ahead != 0 ? ahead : free);
            long before = Interlocked.CompareExchange(ref _progress, (seen | (1L << chunk)) + entering, seen);
            if (before == seen)
                return chunk;
            seen = before;
        }
    }
}
