using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SeqInfer.Bench.Models;

namespace SeqInfer.Bench.Torch;

/// <summary>PyTorch cannot be run, or its export failed.</summary>
internal sealed class TorchException(string message) : Exception(message);

/// <summary>Exports benchmark models with torch.onnx.export: runs bench/torch_export.py on files in a temporary folder.</summary>
internal sealed class TorchExporter : IDisposable
{
    private readonly string _python;
    private readonly string _script;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqinfer-torch-");

    /// <summary>Finds the script.</summary>
    /// <param name="python">An interpreter that has PyTorch.</param>
    public TorchExporter(string python)
    {
        _python = python;
        _script = BenchFolder.Find("torch_export.py") ?? throw new TorchException($"no bench/torch_export.py above {AppContext.BaseDirectory}");
    }

    /// <summary>The module as PyTorch writes it.</summary>
    /// <param name="bench">The model; its weights go along.</param>
    /// <param name="batch">Rows.</param>
    /// <param name="inputs">Names that the graph's inputs get.</param>
    public byte[] Export(BenchModel bench, int batch, IEnumerable<string> inputs)
    {
        string folder = Path.Combine(_folder.FullName, bench.Name);
        if (!Directory.Exists(folder))
        {
            bench.Save(folder);
            foreach (string name in bench.Data.Names.Where(name => name.StartsWith("edges.", StringComparison.Ordinal)))
                File.WriteAllBytes(Path.Combine(folder, $"{name}.i32"), MemoryMarshal.AsBytes(bench.Data.Ids(name, out _, out _)));
        }

        string target = Path.Combine(_folder.FullName, $"{bench.Name}-{batch}.onnx");
        Run(
            _script, folder, target,
            "--batch", batch.ToString(CultureInfo.InvariantCulture),
            "--length", bench.Length.ToString(CultureInfo.InvariantCulture),
            "--k", bench.TopK.ToString(CultureInfo.InvariantCulture),
            "--candidates", bench.Candidates.ToString(CultureInfo.InvariantCulture),
            "--inputs", string.Join(",", inputs));
        byte[] model = File.ReadAllBytes(target);
        File.Delete(target);
        return model;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Run(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(_python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new TorchException($"{_python} {string.Join(" ", arguments)} failed:\n{errors}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new TorchException($"{_python} cannot be started: {e.Message}. Name a Python that has PyTorch with --python.");
        }
    }
}
