using SeqInfer.Devices.Cpu;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Tests.Devices.Threading;

/// <summary>How many threads a device gets in a process whose processors are limited.</summary>
internal static class ThreadProbe
{
    public const string Name = "thread-probe";

    private const int Wish = 8;

    public static void Run(TextWriter output)
    {
        using CpuDevice device = CpuDevice.Create(IsaDetection.Best, Wish);
        output.WriteLine(device.Threads);
    }
}
