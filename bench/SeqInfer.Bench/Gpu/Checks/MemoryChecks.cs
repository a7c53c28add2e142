using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Models;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Gpu.Checks;

/// <summary>What a device answers that is asked for more than it has, and what it keeps of models that were loaded and unloaded.</summary>
internal static class MemoryChecks
{
    // What the runtime, its collector and the driver may keep
    private const long AllowedGrowth = 64L << 20;

    // A device is filled in parts, none of which a driver refuses for its size alone
    private const int Parts = 16;

    private static readonly BenchModel Small = Zoo.Recurrent("cycle", "lstm", 16, 32, 1, 10, 200);

    /// <summary>All checks of one device.</summary>
    /// <param name="hardware">The devices.</param>
    /// <param name="facts">The device.</param>
    /// <param name="cycles">Loads and unloads; 0: none.</param>
    public static IEnumerable<CheckResult> Run(IHardware hardware, DeviceFacts facts, int cycles)
    {
        // The host's memory is not this program's to fill
        if (facts.Kind != "cpu")
            yield return Check(facts, "one workspace larger than the memory", () => Refuse(facts));
        if (!facts.IsHost)
            yield return Check(facts, "workspaces until the memory is full, then one again", () => Fill(facts));
        if (cycles > 0)
            yield return Check(facts, $"{cycles} loads and unloads", () => Cycle(hardware, facts, cycles));
    }

    private static CheckResult Check(DeviceFacts facts, string name, Func<(string? Problem, string Detail)> action)
    {
        try
        {
            (string? problem, string detail) = action();
            return new CheckResult(GpuOptions.Memory, facts.Name, name, double.NaN, problem, detail);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return new CheckResult(GpuOptions.Memory, facts.Name, name, double.NaN, $"{error.GetType().Name}: {error.Message}");
        }
    }

    private static (string? Problem, string Detail) Refuse(DeviceFacts facts)
    {
        using var device = Device.Parse(facts.Name);
        try
        {
            using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(facts.MemoryBytes / sizeof(float) * 2, 16));
        }
        catch (DeviceException error)
        {
            Compute(device);
            return (null, error.Message);
        }

        return ($"a workspace of twice the device's {facts.MemoryBytes} bytes was made", "");
    }

    private static (string? Problem, string Detail) Fill(DeviceFacts facts)
    {
        using var device = Device.Parse(facts.Name);
        List<Workspace> taken = [];
        string? refusal = null;
        try
        {
            while (refusal is null && taken.Count <= 2 * Parts)
            {
                try
                {
                    taken.Add(device.CreateWorkspace(new WorkspaceSize(facts.MemoryBytes / sizeof(float) / Parts, 16)));
                }
                catch (DeviceException error)
                {
                    refusal = error.Message;
                }
            }
        }
        finally
        {
            foreach (Workspace workspace in taken)
                workspace.Dispose();
        }

        if (refusal is null)
            return ($"{taken.Count} workspaces of a {Parts}th of the memory were made", "");
        using (device.CreateWorkspace(new WorkspaceSize(facts.MemoryBytes / sizeof(float) / Parts, 16)))
            Compute(device);
        return (null, $"after {taken.Count}: {refusal}");
    }

    private static (string? Problem, string Detail) Cycle(IHardware hardware, DeviceFacts facts, int cycles)
    {
        Load(facts, Math.Max(1, cycles / 10));
        (long Host, long Device) before = Taken(hardware, facts);
        Load(facts, cycles);
        (long Host, long Device) after = Taken(hardware, facts);
        (long host, long onDevice) = (after.Host - before.Host, after.Device - before.Device);
        string detail = $"the host's memory grew by {host >> 10} KiB, the device's by {onDevice >> 10} KiB";
        return (host <= AllowedGrowth && onDevice <= AllowedGrowth ? null : detail, detail);
    }

    private static void Load(DeviceFacts facts, int cycles)
    {
        float[]? expected = null;
        for (int i = 0; i < cycles; i++)
        {
            using SequenceModel model = Small.Create(facts.Name);
            Batch request = model.CreateBatch();
            Small.Fill(request, 2, new Random(1));
            using var run = new OurRun(model, Small.Limits(model.Signature, 2), Small.Output, request);
            run.Run();
            expected ??= run.Values.ToArray();
            if (!run.Values.SequenceEqual(expected))
                throw new MismatchException($"load {i} answers otherwise than load 0");
        }
    }

    private static (long Host, long Device) Taken(IHardware hardware, DeviceFacts facts)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return (Environment.WorkingSet, -(hardware.FreeBytes(facts.Name) ?? 0));
    }

    // The device still answers, and rightly.
    private static void Compute(Device device)
    {
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(16, 16));
        Tensor window = workspace.Take(1, 4);
        device.Write(workspace, new float[] { 1, -2, 3, -4 }, window);
        device.Apply(workspace, window, ActivationKind.Relu, window);
        float[] values = new float[4];
        device.Read(workspace, window, values);
        if (!values.AsSpan().SequenceEqual([1, 0, 3, 0]))
            throw new MismatchException($"relu of 1 -2 3 -4 is {string.Join(' ', values)} after a refusal");
    }
}
