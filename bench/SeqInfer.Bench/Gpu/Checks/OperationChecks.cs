using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Devices.Ops;

namespace SeqInfer.Bench.Gpu.Checks;

/// <summary>Every operation on random shapes, windows and aliases, against double precision: the property suite of the tests.</summary>
internal static class OperationChecks
{
    // Shapes grow with it up to here, as in a property of so many samples
    private const int LargestSize = 100;

    // Fixed, so that a failure comes back in the next run
    private const ulong Seed = 20_251_015;

    /// <summary>Checks one operation.</summary>
    /// <param name="device">The device under test.</param>
    /// <param name="reference">The oracle.</param>
    /// <param name="operation">A name of <see cref="OpTable"/>.</param>
    /// <param name="samples">How many calls.</param>
    public static CheckResult Run(Device device, Device reference, string operation, int samples)
    {
        double share = 0;
        foreach (OpCase op in OpTable.Get(operation).Sample(LargestSize, new Rnd(Seed, 1), samples))
        {
            try
            {
                OpResults actual = OpHarness.Run(device, op);
                OpResults expected = OpHarness.Run(reference, op);
                actual.ShouldBe(expected, op.Tolerance, device.KernelName);
                share = Math.Max(share, actual.ShareOf(expected, op.Tolerance));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                return new CheckResult(GpuOptions.Operations, device.Name, operation, double.NaN, $"{op}: {error.Message}");
            }
        }

        return new CheckResult(GpuOptions.Operations, device.Name, operation, share, null, $"{samples} calls");
    }
}
