using System.Collections.Concurrent;
using SeqInfer.Devices;
using SeqInfer.Devices.Cpu;
using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Devices.Reference;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Tests.Devices.Harness;

/// <summary>The devices under test, by device string, made once and shared by all tests.</summary>
internal static class TestDevices
{
    private static readonly Dictionary<string, Lazy<Device>> ByName =
        FindNames().ToDictionary(name => name, name => new Lazy<Device>(() => Device.Parse(name)));

    private static readonly ConcurrentDictionary<int, ThreadPlan> Plans = new();

    /// <summary>The oracle.</summary>
    public static Device Reference => Get("reference");

    /// <summary>One CPU device for every instruction set that this process supports, narrowest first.</summary>
    public static IEnumerable<CpuDevice> Cpu => ByName.Keys.Where(name => name != "reference").Select(name => (CpuDevice)Get(name));

    /// <summary>Every device string.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Every device string, for theories.</summary>
    public static TheoryData<string> All => [.. ByName.Keys];

    /// <summary>The strings of the CPU devices, for theories.</summary>
    public static TheoryData<string> AllCpu => [.. ByName.Keys.Where(name => name != "reference")];

    /// <summary>The reference and the widest CPU device: enough where the code under test does not depend on the width.</summary>
    public static TheoryData<string> OneOfEach => ["reference", BestCpu];

    /// <summary>The string of the widest CPU device.</summary>
    public static string BestCpu => $"cpu:{IsaDetection.NameOf(IsaDetection.Best)}";

    /// <summary>
    /// The best instruction set with a team of a size that splits whatever can be split, however small. Shared by all tests of that size,
    /// which find the team busy now and then, as callers of a service do.
    /// </summary>
    public static CpuDevice Splitting(int threads) => SplittingOf(IsaDetection.Best, threads);

    /// <summary>As <see cref="Splitting"/>, one for each instruction set that this process supports, beside the device without a team.</summary>
    public static IEnumerable<(CpuDevice Alone, CpuDevice Splitting)> CpuWithTeam(int threads) =>
        IsaDetection.Supported.Select(isa => ((CpuDevice)Get($"cpu:{IsaDetection.NameOf(isa)}"), SplittingOf(isa, threads)));

    public static Device Get(string name) => ByName[name].Value;

    /// <summary>A device of the same kind that shares nothing with the one of that name.</summary>
    public static Device CreateOther(string name) => Device.Parse(name);

    private static CpuDevice SplittingOf(Isa isa, int threads) =>
        CpuDevice.TryCreate(isa, Plans.GetOrAdd(threads, size => new ThreadPlan(new WorkerTeam(size, TeamTuning.Eager), splitFrom: 0)))!;

    private static IEnumerable<string> FindNames() =>
        ["reference", .. IsaDetection.Supported.Select(isa => $"cpu:{IsaDetection.NameOf(isa)}")];
}
