using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SeqInfer.Bench.Compare;

/// <summary>Where and with what a comparison was made.</summary>
internal sealed record MachineInfo(string Cpu, int Cores, string Isa, string Kernels, string System, string Runtime, string OnnxRuntime, string Commit)
{
    // Baked in by bench/gpu-archive
    private const string PublishedCommit = "PublishedCommit";

    /// <summary>Describes this process.</summary>
    /// <param name="isa">The instruction set of our kernels.</param>
    /// <param name="kernels">The device's kernel name.</param>
    /// <param name="onnxRuntime">Version of the other side.</param>
    public static MachineInfo Describe(string isa, string kernels, string onnxRuntime) => new(
        CpuName(),
        Environment.ProcessorCount,
        isa,
        kernels,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        onnxRuntime,
        CommitId());

    /// <summary>Writes the fields of an object that has begun.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("cpu", Cpu);
        json.WriteNumber("cores", Cores);
        json.WriteString("isa", Isa);
        json.WriteString("kernels", Kernels);
        json.WriteString("system", System);
        json.WriteString("runtime", Runtime);
        json.WriteString("onnxruntime", OnnxRuntime);
        json.WriteString("commit", Commit);
    }

    // Model names of virtual machines often say the family alone; family, model and stepping then tell which it is.
    private static string CpuName()
    {
        const string Info = "/proc/cpuinfo";
        if (!File.Exists(Info))
            return RuntimeInformation.ProcessArchitecture.ToString();
        string[] lines = File.ReadAllLines(Info);
        string Field(string name) => lines.FirstOrDefault(line => line.StartsWith(name + "\t", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?";
        return $"{Field("model name")} (family {Field("cpu family")}, model {Field("model")}, stepping {Field("stepping")})";
    }

    private static string CommitId()
    {
        if (typeof(MachineInfo).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(entry => entry.Key == PublishedCommit)?.Value is { } published)
            return published;
        string version = typeof(SequenceModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        string built = version.Contains('+', StringComparison.Ordinal) ? version[(version.IndexOf('+', StringComparison.Ordinal) + 1)..] : "unknown";
        return Git("rev-parse", "HEAD") is { } head
            ? $"{head[..Math.Min(12, head.Length)]}{(Git("status", "--porcelain", "--untracked-files=no") is { Length: > 0 } ? " with changes" : "")}"
            : built;
    }

    private static string? Git(params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
            using Process? process = Process.Start(start);
            if (process is null)
                return null;
            string output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
