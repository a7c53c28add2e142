using SeqInfer.Kernels.Simd;

namespace SeqInfer.Bench.Limits;

/// <summary>What the machine can do at most, measured in this run with a number of threads at once.</summary>
/// <param name="Threads">Threads that measured together.</param>
/// <param name="Caches">Sizes of the caches.</param>
/// <param name="FlopsPerSecond">Fused multiply-adds in single precision, two operations each, on registers alone.</param>
/// <param name="L1">Bytes a second read from the first level cache.</param>
/// <param name="L2">Bytes a second read from the second level cache.</param>
/// <param name="L3">Bytes a second read from the third level cache.</param>
/// <param name="Memory">Bytes a second read from memory.</param>
internal sealed record MachineLimits(int Threads, CacheSizes Caches, double FlopsPerSecond, double L1, double L2, double L3, double Memory)
{
    private readonly Dictionary<long, double> _measured = [];

    /// <summary>
    /// Multiply-adds of 8-bit integers with 32-bit sums, two operations each, on registers alone; where the machine has no instruction for
    /// that, the rate of floats.
    /// </summary>
    public double IntegerOperationsPerSecond { get => field == 0 ? FlopsPerSecond : field; init; }

    /// <summary>Measures how fast a buffer of a size is read again and again; null takes the rate of the cache that holds it.</summary>
    public Func<long, double>? Read { get; init; }

    /// <summary>Measures them; takes about a second for each number.</summary>
    public static MachineLimits Measure(int threads) =>
        IsaDispatch.TryCreate<Visitor, MachineLimits>(IsaDetection.FromEnvironment(), new Visitor(threads))
        ?? throw new IsaException(IsaDetection.NameOf(IsaDetection.FromEnvironment()), IsaDetection.Supported);

    /// <summary>
    /// Bytes a second for data that is read again in every call, by how much of it there is: near the size of a cache, and in one that
    /// others share, the rate of no level is the right one, so it is measured for the size itself.
    /// </summary>
    public double BytesPerSecond(long workingSet)
    {
        double level = workingSet <= Caches.L1 * 3 / 4 ? L1
            : workingSet <= Caches.L2 * 3 / 4 ? L2
            : workingSet <= Caches.L3 * 3 / 4 ? L3
            : Memory;
        if (Read is null || workingSet > 4 * Caches.L3 || workingSet < Caches.L1 / 2)
            return level;

        // Sizes that differ by an eighth are read equally fast.
        long step = Math.Max(1, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)workingSet) / 16);
        long size = (workingSet + step - 1) / step * step;
        if (!_measured.TryGetValue(size, out double rate))
            _measured[size] = rate = Read(size);
        return rate;
    }

    /// <summary>Name of the level that <see cref="BytesPerSecond"/> takes.</summary>
    public string LevelOf(long workingSet) =>
        workingSet <= Caches.L1 * 3 / 4 ? "L1" : workingSet <= Caches.L2 * 3 / 4 ? "L2" : workingSet <= Caches.L3 * 3 / 4 ? "L3" : "memory";

    private readonly struct Visitor(int threads) : IIsaVisitor<MachineLimits>
    {
        public MachineLimits Visit<V>()
            where V : unmanaged, ISimd<V>
        {
            var caches = CacheSizes.Read();
            int count = threads;
            return new MachineLimits(
                count,
                caches,
                Spin.Rate(count, () => new FmaLoop<V>()),
                Rate<V>(count, caches.L1 / 2),
                Rate<V>(count, caches.L2 / 2),
                Rate<V>(count, caches.L3 / 2 / count),
                Rate<V>(count, Math.Max(8 * caches.L3, 256L << 20) / count))
            {
                Read = bytes => Rate<V>(count, bytes),
                IntegerOperationsPerSecond = IntegerLoop.IsSupported ? Spin.Rate(count, () => new IntegerLoop()) : 0,
            };
        }

        private static double Rate<V>(int threads, long bytes)
            where V : unmanaged, ISimd<V> => Spin.Rate(threads, () => new ReadLoop<V>(bytes));
    }
}
