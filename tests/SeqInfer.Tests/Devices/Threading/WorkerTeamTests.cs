using System.Diagnostics;
using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Devices.Threading;

/// <summary>What a team promises: every item once, on as many threads as are there, and nothing left behind.</summary>
public sealed class WorkerTeamTests
{
    private const double Long = 1e6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_item_is_done_once(int size)
    {
        using WorkerTeam team = new(size, TeamTuning.Eager);
        for (int count = 0; count < 300; count++)
        {
            int[] counts = new int[count];
            CountingJob job = new(counts, new int[count]);
            team.Run(job, count, count * 10_000);
            Assert.All(counts, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void Helpers_take_part_each_under_its_own_number()
    {
        using WorkerTeam team = new(3, TeamTuning.Eager);
        int[] threadOfWorker = new int[team.Size];
        int[] threads = new int[12];
        int caller = Environment.CurrentManagedThreadId;
        bool allMet = false;
        Stopwatch watch = Stopwatch.StartNew();
        CountingJob job = new(new int[12], threads, (_, _, worker) =>
        {
            int self = Environment.CurrentManagedThreadId;
            int before = Interlocked.CompareExchange(ref threadOfWorker[worker], self, 0);
            Assert.True(before == 0 || before == self);

            // Nobody finishes the first chunk before all three are inside
            while (!Volatile.Read(ref allMet) && watch.Elapsed < Patience)
            {
                Volatile.Write(ref allMet, threadOfWorker.All(thread => thread != 0));
                Thread.Yield();
            }
        });
        team.Run(job, 12, Long);
        Assert.True(allMet);
        Assert.Equal(caller, threadOfWorker[0]);
        Assert.Equal(3, threads.Distinct().Count());
    }

    [Fact]
    public void One_item_stays_with_the_caller()
    {
        using WorkerTeam team = new(2, TeamTuning.Eager);
        int[] threads = new int[1];
        CountingJob one = new(new int[1], threads);
        team.Run(one, 1, Long);
        Assert.Equal(Environment.CurrentManagedThreadId, threads[0]);
    }

    [Fact]
    public void A_job_inside_a_job_runs_where_it_is()
    {
        using WorkerTeam team = new(2, TeamTuning.Eager);
        int[] inner = new int[64];
        CountingJob outer = new(new int[8], new int[8], (begin, end, _) =>
        {
            for (int item = begin; item < end; item++)
            {
                int[] threads = new int[8];
                CountingJob nested = new(new int[8], threads);
                team.Run(nested, 8, Long);
                Assert.All(threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
                Interlocked.Increment(ref inner[item]);
            }
        });
        team.Run(outer, 8, Long);
        Assert.All(inner.Take(8), times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task A_caller_that_finds_the_team_busy_works_alone()
    {
        using WorkerTeam team = new(2, TeamTuning.Eager);
        using ManualResetEventSlim started = new();
        using ManualResetEventSlim finish = new();
        Task first = Start(() =>
        {
            CountingJob job = new(new int[2], new int[2], (_, _, _) =>
            {
                started.Set();
                finish.Wait(Patience);
            });
            team.Run(job, 2, Long);
        });
        Assert.True(started.Wait(Patience));
        int[] threads = new int[50];
        CountingJob second = new(new int[50], threads);
        team.Run(second, 50, Long);
        Assert.All(threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
        finish.Set();
        await first;
    }

    [Fact]
    public void After_a_collision_callers_work_alone_for_a_while()
    {
        const int JobsAlone = 5;
        using WorkerTeam team = new(2, TeamTuning.Eager with { JobsAloneAfterCollision = JobsAlone });
        bool[] whole = new bool[JobsAlone + 1];
        CountingJob outer = new(new int[2], new int[2], (begin, _, worker) =>
        {
            // The first chunk is always the caller's
            if (begin > 0 || worker > 0)
                return;
            CountingJob collides = new(new int[8], new int[8]);
            team.Run(collides, 8, Long);
        });

        team.Run(outer, 2, Long);
        for (int i = 0; i <= JobsAlone; i++)
        {
            int ranges = 0;
            CountingJob job = new(new int[8], new int[8], (_, _, _) => Interlocked.Increment(ref ranges));
            team.Run(job, 8, Long);
            whole[i] = ranges == 1;
        }

        Assert.Equal([.. Enumerable.Repeat(true, JobsAlone), false], whole);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_exception_reaches_the_caller_once_all_threads_are_out(bool onHelper)
    {
        using WorkerTeam team = new(2, TeamTuning.Eager);
        int inside = 0;
        using ManualResetEventSlim both = new();
        CountingJob job = new(new int[2], new int[2], (_, _, worker) =>
        {
            if (Interlocked.Increment(ref inside) == 2)
                both.Set();
            Assert.True(both.Wait(Patience));
            if (worker > 0 == onHelper)
                throw new InvalidDataException("broken");
            Thread.Sleep(20);
            Interlocked.Decrement(ref inside);
        });
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => team.Run(job, 2, Long));
        Assert.Equal("broken", error.Message);
        Assert.Equal(1, inside);

        // The team serves the next job as if nothing had been
        int[] counts = new int[40];
        CountingJob next = new(counts, new int[40]);
        team.Run(next, 40, Long);
        Assert.All(counts, times => Assert.Equal(1, times));
    }

    [Fact]
    public void An_exception_keeps_the_chunks_behind_it_from_running()
    {
        using WorkerTeam team = new(2, TeamTuning.Eager);
        int[] counts = new int[8];
        CountingJob job = new(counts, new int[8], (_, _, _) => throw new InvalidDataException("broken"));
        Assert.Throws<InvalidDataException>(() => team.Run(job, 8, Long));
        Assert.InRange(counts.Sum(), 1, team.Size);
    }

    [Fact]
    public void A_job_allocates_nothing()
    {
        using WorkerTeam team = new(2, TeamTuning.Eager);
        SummingJob job = new(new long[WorkerTeam.MaxSize]);
        for (int i = 0; i < 100; i++)
            team.Run(job, 1000, Long);
        Assert.Equal(0, Allocation.Of(() => team.Run(job, 1000, Long)));
    }

    [Fact]
    public void Helpers_block_when_there_is_nothing_to_do_and_come_back()
    {
        using WorkerTeam team = new(3, TeamTuning.Eager);
        for (int round = 0; round < 20; round++)
        {
            Assert.True(SpinWait.SpinUntil(() => team.IsAsleep, Patience));
            int[] counts = new int[30];
            CountingJob job = new(counts, new int[30]);
            team.Run(job, 30, Long);
            Assert.All(counts, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void Small_jobs_wake_helpers_only_once_enough_work_was_missed()
    {
        using WorkerTeam team = new(2, TeamTuning.Default with { WakeFrom = 1000 });
        Assert.True(SpinWait.SpinUntil(() => team.IsAsleep, Patience));
        List<bool> whole = [];
        for (int i = 0; i < 4; i++)
        {
            int ranges = 0;
            CountingJob job = new(new int[8], new int[8], (_, _, _) => Interlocked.Increment(ref ranges));
            team.Run(job, 8, 300);
            whole.Add(ranges == 1);
        }

        Assert.Equal([true, true, true, false], whole);
    }

    [Fact]
    public void Disposing_ends_the_threads()
    {
        WorkerTeam team = new(3, TeamTuning.Eager);
        CountingJob job = new(new int[9], new int[9]);
        team.Run(job, 9, Long);
        team.Dispose();
        Assert.False(team.IsRunning);
        team.Dispose();
    }

    [Fact]
    public async Task Many_callers_at_once()
    {
        using WorkerTeam team = new(3, TeamTuning.Eager);
        Task[] callers = [.. Enumerable.Range(0, 6).Select(_ => Start(() =>
        {
            for (int i = 0; i < 2000; i++)
            {
                int[] counts = new int[1 + (i % 50)];
                CountingJob job = new(counts, new int[counts.Length]);
                team.Run(job, counts.Length, i * 100);
                Assert.All(counts, times => Assert.Equal(1, times));
            }
        }))];
        await Task.WhenAll(callers).WaitAsync(Patience);
    }

    private static Task Start(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private readonly struct SummingJob(long[] sums) : IParallelJob
    {
        public void Run(int begin, int end, int worker)
        {
            for (int item = begin; item < end; item++)
                sums[worker] += item;
        }
    }
}
