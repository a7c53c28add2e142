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
    /// <summary>Measures them; takes about a second for each number.</summary>
    public static MachineLimits Measure(int threads) =>
        IsaDispatch.TryCreate<Visitor, MachineLimits>(IsaDetection.FromEnvironment(), new Visitor(threads))
        ?? throw new IsaException(IsaDetection.NameOf(IsaDetection.FromEnvironment()), IsaDetection.Supported);

    /// <summary>Bytes a second for data that is read again in every call, by how much of it there is.</summary>
    public double BytesPerSecond(long workingSet) =>
        workingSet <= Caches.L1 * 3 / 4 ? L1
        : workingSet <= Caches.L2 * 3 / 4 ? L2
        : workingSet <= Caches.L3 * 3 / 4 ? L3
        : Memory;

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
                Read<V>(caches.L1 / 2),
                Read<V>(caches.L2 / 2),
                Read<V>(caches.L3 / 2 / count),
                Read<V>(Math.Max(8 * caches.L3, 256L << 20) / count));
        }

        private double Read<V>(long bytes)
            where V : unmanaged, ISimd<V> => Spin.Rate(threads, () => new ReadLoop<V>(bytes));
    }
}
