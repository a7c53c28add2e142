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
    private static readonly Dictionary<(string Name, WeightStorage Storage), Lazy<Device>> ByName = (
        from name in FindNames()
        from storage in Enum.GetValues<WeightStorage>()
        select (name, storage)).ToDictionary(key => key, key => new Lazy<Device>(() => Create(key.name, key.storage)));

    private static readonly ConcurrentDictionary<int, ThreadPlan> Plans = new();

    /// <summary>The oracle.</summary>
    public static Device Reference => Get("reference");

    /// <summary>One CPU device for every instruction set that this process supports, narrowest first.</summary>
    public static IEnumerable<CpuDevice> Cpu => CpuWith(WeightStorage.Float32);

    /// <summary>Every device string.</summary>
    public static IEnumerable<string> Names => FindNames();

    /// <summary>Every device string, for theories.</summary>
    public static TheoryData<string> All => [.. FindNames()];

    /// <summary>The strings of the CPU devices, for theories.</summary>
    public static TheoryData<string> AllCpu => [.. FindNames().Where(name => name != "reference")];

    /// <summary>The reference and the widest CPU device: enough where the code under test does not depend on the width.</summary>
    public static TheoryData<string> OneOfEach => ["reference", BestCpu];

    /// <summary>The string of the widest CPU device.</summary>
    public static string BestCpu => $"cpu:{IsaDetection.NameOf(IsaDetection.Best)}";

    public static Device Get(string name, WeightStorage storage = WeightStorage.Float32) => ByName[(name, storage)].Value;

    /// <summary>The CPU devices that hold weights so, narrowest first.</summary>
    public static IEnumerable<CpuDevice> CpuWith(WeightStorage storage) =>
        FindNames().Where(name => name != "reference").Select(name => (CpuDevice)Get(name, storage));

    /// <summary>
    /// The instruction set of "cpu" with a team of a size that splits whatever can be split, however small. Shared by all tests of that size,
    /// which find the team busy now and then, as callers of a service do.
    /// </summary>
    public static CpuDevice Splitting(int threads) => SplittingOf(IsaDetection.FromEnvironment(), threads);

    /// <summary>As <see cref="Splitting"/>, one for each instruction set that this process supports, beside the device without a team.</summary>
    public static IEnumerable<(CpuDevice Alone, CpuDevice Splitting)> CpuWithTeam(int threads, WeightStorage storage = WeightStorage.Float32)
    {
        foreach (Isa isa in IsaDetection.Supported)
        {
            CpuDevice splitting = SplittingOf(isa, threads);
            splitting.WeightStorage = storage;
            yield return ((CpuDevice)Get($"cpu:{IsaDetection.NameOf(isa)}", storage), splitting);
        }
    }

    /// <summary>A device of the same kind that shares nothing with the one of that name.</summary>
    public static Device CreateOther(string name) => Device.Parse(name);

    private static Device Create(string name, WeightStorage storage)
    {
        var device = Device.Parse(name);
        device.WeightStorage = storage;
        return device;
    }
    private static CpuDevice SplittingOf(Isa isa, int threads) =>
        CpuDevice.TryCreate(isa, Plans.GetOrAdd(threads, size => new ThreadPlan(new WorkerTeam(size, TeamTuning.Eager), splitFrom: 0)))!;

    private static IEnumerable<string> FindNames() =>
        ["reference", .. IsaDetection.Supported.Select(isa => $"cpu:{IsaDetection.NameOf(isa)}")];
}
