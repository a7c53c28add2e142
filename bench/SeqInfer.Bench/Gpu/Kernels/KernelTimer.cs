using System.Diagnostics;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Suites;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Gpu.Kernels;

/// <summary>Times an operation alone: many in a queue and one wait, so that neither the wait nor the host's part counts where the device is slower.</summary>
internal static class KernelTimer
{
    private const int MostCalls = 4096;

    /// <summary>Measures one operation on one device.</summary>
    /// <exception cref="DeviceException">It does not fit the device.</exception>
    public static KernelTime Measure(IHardware hardware, string name, KernelCell cell, DeviceLimits? limits, bool isQuick)
    {
        using var device = Device.Parse(name);
        using Workspace arena = device.CreateWorkspace(cell.Plan(device));
        Action call = cell.Setup(new OperationInputs(device, arena));
        (int rounds, TimeSpan slice) = isQuick ? (3, TimeSpan.FromMilliseconds(3)) : (7, TimeSpan.FromMilliseconds(20));
        _ = Slice(1);
        int calls = 1;
        while (calls < MostCalls && Slice(calls) < slice)
            calls *= 2;
        List<double> times = [.. Enumerable.Range(0, rounds).Select(_ => Slice(calls).TotalMicroseconds / calls).Order()];
        double limit = limits is null ? double.NaN : 1e6 * limits.Seconds(cell.Flops, cell.Bytes);
        return new KernelTime(name, cell.Operation, cell.Shape, Timings.Quantile(times, 0.5), cell.Flops, cell.Bytes, limit);

        TimeSpan Slice(int count)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
                call();
            hardware.Wait(arena);
            return Stopwatch.GetElapsedTime(start);
        }
    }
}
