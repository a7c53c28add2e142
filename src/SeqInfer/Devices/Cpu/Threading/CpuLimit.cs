using System.Globalization;

namespace SeqInfer.Devices.Cpu.Threading;

/// <summary>How many threads this process can keep running at once.</summary>
/// <remarks>
/// <see cref="Environment.ProcessorCount"/> knows the affinity mask and the container's quota, but rounds the quota up: of one and a half
/// processors it makes two, and two threads that spin would use up a period's quota and stop together until the next. So the quota is
/// read here too, from control groups of version 2 or 1, and rounded down.
/// </remarks>
internal static class CpuLimit
{
    private static readonly string[] Version1Mounts = ["cpu", "cpu,cpuacct"];

    /// <summary>At least 1.</summary>
    public static int Threads { get; } = Math.Clamp((int)Math.Min(Quota("/"), int.MaxValue), 1, Environment.ProcessorCount);

    /// <summary>Processors that the control groups of this process allow; infinite where they set no limit or there are none.</summary>
    /// <param name="root">The folder that holds "proc" and "sys".</param>
    public static double Quota(string root)
    {
        double quota = double.PositiveInfinity;
        string groups = Path.Combine(root, "sys/fs/cgroup");
        foreach (string line in Read(Path.Combine(root, "proc/self/cgroup")).Split('\n'))
        {
            // "0::/path" in version 2, "4:cpu,cpuacct:/path" in version 1
            string[] fields = line.Split(':', 3);
            if (fields.Length < 3)
                continue;
            if (fields[1].Length == 0)
                quota = Math.Min(quota, Least(groups, fields[2], Version2));
            else if (fields[1].Split(',').Contains("cpu"))
                quota = Version1Mounts.Aggregate(quota, (least, mount) => Math.Min(least, Least(Path.Combine(groups, mount), fields[2], Version1)));
        }

        return quota;
    }

    // The group itself and all groups it lies in; inside a container some or all of these may be out of sight.
    private static double Least(string mount, string group, Func<string, double> limit)
    {
        double least = limit(mount);
        string folder = mount;
        foreach (string part in group.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            folder = Path.Combine(folder, part);
            least = Math.Min(least, limit(folder));
        }

        return least;
    }

    // "150000 100000" or "max 100000"
    private static double Version2(string folder)
    {
        string[] fields = Read(Path.Combine(folder, "cpu.max")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 2 ? Ratio(fields[0], fields[1]) : double.PositiveInfinity;
    }

    // A quota of -1 is none
    private static double Version1(string folder) =>
        Ratio(Read(Path.Combine(folder, "cpu.cfs_quota_us")), Read(Path.Combine(folder, "cpu.cfs_period_us")));

    private static double Ratio(string quota, string period) =>
        long.TryParse(quota, CultureInfo.InvariantCulture, out long allowed)
        && long.TryParse(period, CultureInfo.InvariantCulture, out long of)
        && allowed > 0 && of > 0
            ? (double)allowed / of
            : double.PositiveInfinity;

    private static string Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
