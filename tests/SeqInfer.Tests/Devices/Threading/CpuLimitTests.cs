using System.Text;
using SeqInfer.Devices.Cpu;
using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Devices.Threading;

/// <summary>No more threads than the process may keep running.</summary>
public sealed class CpuLimitTests
{
    [Theory]
    [InlineData("0::/\n", "cpu.max", "150000 100000\n", 1.5)]
    [InlineData("0::/\n", "cpu.max", "max 100000\n", double.PositiveInfinity)]
    [InlineData("0::/a/b\n", "a/b/cpu.max", "200000 100000\n", 2)]
    [InlineData("0::/a/b\n", "a/cpu.max", "50000 100000\n", 0.5)]
    [InlineData("0::/out/of/sight\n", "cpu.max", "300000 100000\n", 3)]
    [InlineData("0::/\n", "cpu.max", "nonsense", double.PositiveInfinity)]
    [InlineData("", "cpu.max", "100000 100000\n", double.PositiveInfinity)]
    public void Version_2(string groups, string file, string content, double expected)
    {
        using TemporaryFolder root = new();
        Write(root, "proc/self/cgroup", groups);
        Write(root, $"sys/fs/cgroup/{file}", content);
        Assert.Equal(expected, CpuLimit.Quota(root.Path));
    }

    [Theory]
    [InlineData("cpu,cpuacct", "/", "", "250000\n", 2.5)]
    [InlineData("cpu", "/pod/x", "pod/x", "100000\n", 1)]
    [InlineData("cpu", "/", "", "-1\n", double.PositiveInfinity)]
    public void Version_1(string controllers, string group, string folder, string quota, double expected)
    {
        using TemporaryFolder root = new();
        Write(root, "proc/self/cgroup", $"9:memory:/\n4:{controllers}:{group}\n");
        Write(root, $"sys/fs/cgroup/{controllers}/{folder}/cpu.cfs_quota_us", quota);
        Write(root, $"sys/fs/cgroup/{controllers}/{folder}/cpu.cfs_period_us", "100000\n");
        Assert.Equal(expected, CpuLimit.Quota(root.Path));
    }

    [Fact]
    public void Without_control_groups_there_is_no_quota()
    {
        using TemporaryFolder root = new();
        Assert.Equal(double.PositiveInfinity, CpuLimit.Quota(root.Path));
    }

    [Fact]
    public void A_device_never_has_more_threads_than_the_limit()
    {
        Assert.InRange(CpuLimit.Threads, 1, Environment.ProcessorCount);
        using CpuDevice device = CpuDevice.Create(IsaDetection.Best, threads: 1000);
        Assert.Equal(Math.Min(CpuLimit.Threads, WorkerTeam.MaxSize), device.Threads);
        using CpuDevice alone = CpuDevice.Create(IsaDetection.Best);
        Assert.Equal(1, alone.Threads);
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuDevice.Create(IsaDetection.Best, threads: 0));
    }

    [Fact]
    public void A_container_of_one_processor_gets_one_thread()
    {
        (int exitCode, string output, _) = ChildProcess.Run([ThreadProbe.Name], ("DOTNET_PROCESSOR_COUNT", "1"));
        Assert.Equal(0, exitCode);
        Assert.Equal("1", output.Trim());
    }

    private static void Write(TemporaryFolder root, string path, string content) => root.Write(path, Encoding.UTF8.GetBytes(content));
}
