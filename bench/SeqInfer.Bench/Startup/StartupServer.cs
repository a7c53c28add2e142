using System.Diagnostics;
using System.Globalization;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Startup;

/// <summary>
/// A process of its own that loads one model, answers one request and says so, answers some more and says how much memory it holds.
/// Started by <see cref="StartupRunner"/>; it uses nothing else of this program, so that only what a service needs is loaded.
/// </summary>
internal static class StartupServer
{
    /// <summary>First argument of such a process.</summary>
    public const string Command = "serve-once";

    /// <summary>Second argument: our side, followed by the model's folder, the events of a row and the output.</summary>
    public const string Ours = "ours";

    /// <summary>Second argument: the other side, followed by the .onnx file and the library.</summary>
    public const string Theirs = "onnxruntime";

    /// <summary>Starts the line that is written after the first result: microseconds since loading began.</summary>
    public const string FirstResult = "first-result";

    /// <summary>Starts the last line: bytes resident, and how many of them are no pages of files.</summary>
    public const string Memory = "memory";

    private const int MoreRequests = 20;

    /// <summary>Runs; the arguments follow the command.</summary>
    public static int Run(string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        return arguments switch
        {
            [Ours, var folder, var length, var output] => RunOurs(start, folder, int.Parse(length, CultureInfo.InvariantCulture), output),
            [Theirs, var file, var library] => RunTheirs(start, file, library),
            _ => throw new ArgumentException($"{Command}: unknown arguments", nameof(arguments)),
        };
    }

    private static int RunOurs(long start, string folder, int length, string output)
    {
        BenchFamilies.Register();
        using var model = SequenceModel.Load(folder);
        OutputSet outputs = model.Signature.Select(output);
        using ModelWorkspace workspace = model.CreateWorkspace(new BatchLimits { MaxBatch = 1, MaxEvents = length, Outputs = outputs });
        Batch request = model.CreateBatch();
        foreach (InputSpec input in model.Signature.Inputs.Where(input => input.IsRequired))
        {
            int count = RequestRows.CountOf(model.Signature, input, length, length);
            if (input.Kind == InputKind.Values)
                request.Values(input.Name).Add(new float[count]);
            else
                request.Ids(input.Name).Add([.. Enumerable.Repeat(input.MinId, count)]);
        }

        return Serve(start, () => model.Run(request, workspace, outputs));
    }

    private static int RunTheirs(long start, string file, string library)
    {
        using OrtEnvironment environment = OrtLibrary.Load(library);
        using OrtSession session = environment.CreateSession(file, threads: 1);
        using OrtBinding binding = session.CreateBinding();
        List<OrtTensor> tensors = [];
        foreach (OrtSlot slot in session.Inputs)
        {
            tensors.Add(new OrtTensor(environment, slot.Element, slot.Shape));
            binding.Input(slot.Name, tensors[^1]);
        }

        foreach (OrtSlot slot in session.Outputs)
        {
            tensors.Add(new OrtTensor(environment, slot.Element, slot.Shape));
            binding.Output(slot.Name, tensors[^1]);
        }

        int code = Serve(start, binding.Run);
        tensors.ForEach(tensor => tensor.Dispose());
        return code;
    }

    private static int Serve(long start, Action request)
    {
        request();
        Console.WriteLine($"{FirstResult} {Stopwatch.GetElapsedTime(start).TotalMicroseconds.ToString("F0", CultureInfo.InvariantCulture)}");
        for (int i = 0; i < MoreRequests; i++)
            request();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Memory} {Environment.WorkingSet} {AnonymousBytes()}"));
        return 0;
    }

    // Pages that no file backs; elsewhere than on Linux all that is resident.
    private static long AnonymousBytes()
    {
        const string Status = "/proc/self/status";
        const string Field = "RssAnon:";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line is null ? Environment.WorkingSet : 1024 * long.Parse(line[Field.Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture);
    }
}
