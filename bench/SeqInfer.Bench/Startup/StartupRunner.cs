using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Models;

namespace SeqInfer.Bench.Startup;

/// <summary>A process could not be started, or did not say what it should.</summary>
internal sealed class StartupException(string message) : Exception(message);

/// <summary>Starts processes that load a model and answer requests, in turn for both sides, and reads what they say.</summary>
internal sealed class StartupRunner : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqinfer-startup-");
    private readonly string _library;
    private readonly int _repeats;

    /// <summary>Prepares a folder for models.</summary>
    /// <param name="library">ONNX Runtime's library.</param>
    /// <param name="repeats">Processes of each side and model.</param>
    public StartupRunner(string library, int repeats)
    {
        _library = library;
        _repeats = repeats;
    }

    /// <summary>The file to run in a folder with this program.</summary>
    public static string ProgramIn(string folder) => Path.Combine(folder, "SeqInfer.Bench.dll");

    /// <summary>Publishes this program compiled ahead of time (ReadyToRun) for this machine and returns the file to run.</summary>
    /// <exception cref="StartupException">The project is not there, or the publishing failed.</exception>
    public string Publish()
    {
        string project = BenchFolder.Find("SeqInfer.Bench") ?? throw new StartupException($"no bench/SeqInfer.Bench above {AppContext.BaseDirectory}");
        string target = Path.Combine(_folder.FullName, "published");
        using Process process = Start(
            "dotnet", ["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true", "-o", target]);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? ProgramIn(target) : throw new StartupException($"dotnet publish failed:\n{output}");
    }

    /// <summary>Measures a model.</summary>
    /// <param name="bench">The model.</param>
    /// <param name="program">The file that hosts both sides.</param>
    /// <param name="code">How it is compiled.</param>
    public StartupResult Measure(BenchModel bench, string program, string code)
    {
        string folder = Path.Combine(_folder.FullName, bench.Name);
        string graph = Path.Combine(folder, "model.onnx");
        if (!Directory.Exists(folder))
            Write(bench, folder, graph);
        List<StartupTimes> ort = [];
        List<StartupTimes> ours = [];
        for (int i = 0; i < _repeats; i++)
        {
            ort.Add(Serve(program, [StartupServer.Theirs, graph, _library]));
            ours.Add(Serve(program, [StartupServer.Ours, folder, bench.Length.ToString(CultureInfo.InvariantCulture), bench.Output]));
        }

        return new StartupResult(
            bench.Name, new FileInfo(Path.Combine(folder, "model.safetensors")).Length, code, Median(ort), Median(ours));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Write(BenchModel bench, string folder, string graph)
    {
        bench.Save(folder);
        File.WriteAllBytes(graph, bench.Record(1).Bytes);
    }

    private static StartupTimes Serve(string program, string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Start("dotnet", [program, StartupServer.Command, .. arguments]);
        double load = double.Parse(Expect(process, StartupServer.FirstResult)[0], CultureInfo.InvariantCulture);
        double all = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        string[] memory = Expect(process, StartupServer.Memory);
        process.WaitForExit();
        return new StartupTimes(
            load, all, double.Parse(memory[0], CultureInfo.InvariantCulture), double.Parse(memory[1], CultureInfo.InvariantCulture));
    }

    private static Process Start(string file, IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new StartupException($"{file} cannot be started: {e.Message}");
        }
    }

    private static string[] Expect(Process process, string word)
    {
        string? line = process.StandardOutput.ReadLine();
        return line?.StartsWith(word + " ", StringComparison.Ordinal) == true
            ? line.Split(' ')[1..]
            : throw new StartupException($"{string.Join(" ", process.StartInfo.ArgumentList)} said '{line}', expected '{word}'");
    }

    private static StartupTimes Median(List<StartupTimes> times)
    {
        double Of(Func<StartupTimes, double> value) => Timings.Quantile([.. times.Select(value).Order()], 0.5);
        return new StartupTimes(
            Of(time => time.LoadMicroseconds), Of(time => time.ProcessMicroseconds), Of(time => time.ResidentBytes), Of(time => time.AnonymousBytes));
    }
}
