using SeqInfer.Kernels;
using SeqInfer.Kernels.Ops;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    /// <summary>Does a job: on this thread alone, or shared out where there are threads to help and it takes long enough.</summary>
    /// <param name="job">A local of the caller's.</param>
    /// <param name="itemCount">Its items.</param>
    /// <param name="nanoseconds">About how long one thread takes.</param>
    private void Split<TJob>(ref TJob job, int itemCount, double nanoseconds)
        where TJob : struct, IParallelJob
    {
        if (_team is null || nanoseconds < _splitFrom || itemCount < 2)
            job.Run(0, itemCount, 0);
        else
            _team.Run(job, itemCount, nanoseconds);
    }

    /// <summary>The device for kernels that split by themselves.</summary>
    private readonly struct Splitter(CpuDevice<V> device) : ISplitter
    {
        public void Split<TJob>(ref TJob job, int itemCount, double nanoseconds)
            where TJob : struct, IParallelJob => device.Split(ref job, itemCount, nanoseconds);
    }

    /// <summary>
    /// About how long one thread takes for an element, in nanoseconds, with the operands in the second-level cache: what decides whether
    /// and how finely an operation is shared out, and nothing else.
    /// </summary>
    private static class Cost
    {
        /// <summary>Reading, a few operations, writing.</summary>
        public const double Simple = 0.05;

        /// <summary>An exponential, an error function or the like.</summary>
        public const double Elementary = 0.3;

        /// <summary>Passes over a row for its mean and variance, or its length.</summary>
        public const double Normalize = 0.12;

        /// <summary>Passes over a row for its maximum and sum.</summary>
        public const double Softmax = 0.4;

        /// <summary>An element of a row that lies anywhere in memory.</summary>
        public const double Gather = 0.15;

        /// <summary>Beginning a row that lies anywhere in memory.</summary>
        public const double Row = 10;

        /// <summary>A multiply-add whose operands are in registers as a rule.</summary>
        public const double MultiplyAdd = 0.02;

        /// <summary>A weight that is read once for all rows.</summary>
        public const double Weight = 0.06;

        /// <summary>An activation.</summary>
        public static double Of<TOp>() =>
            typeof(TOp) == typeof(Identity) || typeof(TOp) == typeof(Relu) || typeof(TOp) == typeof(LeakyRelu) || typeof(TOp) == typeof(SignedSqrt)
                ? Simple
                : Elementary;

        /// <summary>An activation.</summary>
        public static double Of(ActivationKind kind) =>
            kind is ActivationKind.None or ActivationKind.Relu or ActivationKind.LeakyRelu or ActivationKind.SignedSqrt ? Simple : Elementary;
    }
}
