using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using SeqInfer.Cli.Data;
using SeqInfer.Cli.Terminal;
using SeqInfer.Inputs;
using SeqInfer.Weights;
using Spectre.Console;

namespace SeqInfer.Cli.Commands;

/// <summary>seqinfer inspect: what is in a model directory or a weights file.</summary>
internal static class InspectCommand
{
    private const int WarmupBlocks = 21;
    private const int WarmupRuns = 20;

    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "Model directory, safetensors file, or index of shards" };
        Option<string[]> data = Common.Data();
        Option<string> device = Common.Device();
        Option<Devices.WeightStorage> weights = Common.Weights();
        var warmup = new Option<bool>("--warmup") { Description = "Also run the model on one row and say how long it takes" };
        Option<bool> json = Common.Json();
        var command = new Command(
            "inspect",
            "Show tensors, parameters and memory; of a model directory also family, kernels, inputs and outputs. Exit code 0 only when everything is valid.")
        {
            path, data, device, weights, warmup, json,
        };
        Examples.Add(
            command,
            "seqinfer inspect models/sasrec",
            "seqinfer inspect models/sasrec/model.safetensors --json",
            "seqinfer inspect models/sasrec --device cpu:avx2 --weights bf16 --warmup",
            "seqinfer inspect models/lightgcn --data edges=train.csv");
        command.Does((result, _) => Run(
            result.GetRequiredValue(path),
            result.GetRequiredValue(data),
            new LoadOptions { Device = result.GetRequiredValue(device), WeightStorage = result.GetValue(weights) },
            result.GetValue(warmup),
            result.GetValue(json)));
        return command;
    }

    private static int Run(string path, string[] data, LoadOptions options, bool warmup, bool json)
    {
        if (!Path.Exists(path))
            throw new CliException($"{path}: no such file or directory");
        if (Directory.Exists(path))
        {
            using SequenceModel model = Common.Load(path, options with { Data = LoadTimeData.Read(data) });
            var facts = ModelFacts.Of(model, warmup);
            if (json)
                Screen.Json(writer => Write(writer, path, model.Tensors, facts));
            else
                Write(path, model.Tensors, facts);
            return CommandLine.Success;
        }

        if (warmup)
            throw new CliException($"{path}: only a model directory can be run");
        if (data.Length > 0)
            throw new CliException($"{path}: only a model directory takes --data");
        using WeightFiles files = WeightFiles.Open(path);
        if (json)
            Screen.Json(writer => Write(writer, path, files.Tensors, null));
        else
            Write(path, files.Tensors, null);
        return CommandLine.Success;
    }

    private static void Write(string path, IReadOnlyList<TensorInfo> tensors, ModelFacts? facts)
    {
        Table table = Screen.NewTable("tensor", "dtype", "shape", "parameters", "bytes");
        foreach (TensorInfo tensor in tensors)
        {
            table.AddText(
                tensor.Name, Tensors.DTypeExtensions.SafetensorsName(tensor.DType), tensor.Shape.ToString(), $"{tensor.Shape.ElementCount}", $"{tensor.ByteLength}");
        }

        Screen.Data.Write(table);
        Screen.Line();
        Screen.Line($"path         {path}");
        Screen.Line($"tensors      {tensors.Count}");
        Screen.Line($"parameters   {Parameters(tensors)}");
        Screen.Line($"weights      {Screen.Bytes(tensors.Sum(tensor => tensor.ByteLength))}");
        if (facts is null)
            return;
        Screen.Line($"family       {facts.Family}");
        Screen.Line($"device       {facts.Device}");
        Screen.Line($"kernels      {facts.Kernels}");
        Screen.Line($"memory       {Screen.Bytes(facts.DeviceBytes)} of weights on the device, {Screen.Bytes(facts.WorkspaceBytes)} of workspace for one row");
        if (facts.Launches > 0)
            Screen.Line($"launches     {facts.Launches} kernels for the largest row with all outputs made by default");
        foreach (InputSpec input in facts.Signature.Inputs)
            Screen.Line($"input        {input}{(input.IsRequired ? "" : " (optional)")}");
        foreach (OutputSpec output in facts.Signature.Outputs)
            Screen.Line($"output       {output}");
        if (facts.Microseconds is double microseconds)
            Screen.Line($"latency      {microseconds:0.0} us for the largest row with all outputs made by default");
    }

    private static void Write(Utf8JsonWriter json, string path, IReadOnlyList<TensorInfo> tensors, ModelFacts? facts)
    {
        json.WriteString("path", path);
        json.WriteNumber("parameters", Parameters(tensors));
        json.WriteNumber("bytes", tensors.Sum(tensor => tensor.ByteLength));
        if (facts is not null)
        {
            json.WriteString("family", facts.Family);
            json.WriteString("device", facts.Device);
            json.WriteString("kernels", facts.Kernels);
            json.WriteNumber("device_bytes", facts.DeviceBytes);
            json.WriteNumber("workspace_bytes", facts.WorkspaceBytes);
            if (facts.Launches > 0)
                json.WriteNumber("launches", facts.Launches);
            if (facts.Microseconds is double microseconds)
                json.WriteNumber("microseconds", microseconds);
            WriteStrings(json, "inputs", facts.Signature.Inputs.Select(input => input.ToString()));
            WriteStrings(json, "outputs", facts.Signature.Outputs.Select(output => output.ToString()));
        }

        json.WriteStartArray("tensors");
        foreach (TensorInfo tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("dtype", Tensors.DTypeExtensions.SafetensorsName(tensor.DType));
            json.WriteStartArray("shape");
            foreach (ulong dimension in tensor.Shape.Dimensions)
                json.WriteNumberValue(dimension);
            json.WriteEndArray();
            json.WriteNumber("bytes", tensor.ByteLength);
            json.WriteString("file", tensor.File);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static ulong Parameters(IReadOnlyList<TensorInfo> tensors) =>
        tensors.Aggregate(0UL, (sum, tensor) => sum + tensor.Shape.ElementCount);

    /// <summary>What only a loaded model can tell.</summary>
    private sealed record ModelFacts(
        string Family, string Device, string Kernels, long DeviceBytes, long WorkspaceBytes, ModelSignature Signature, long Launches, double? Microseconds)
    {
        public static ModelFacts Of(SequenceModel model, bool warmup)
        {
            using ModelWorkspace workspace = model.CreateWorkspace();
            return new ModelFacts(
                model.ModelType,
                model.Options.Device,
                model.Device.KernelName,
                model.Device.ByteCount,
                workspace.ByteCount,
                model.Signature,
                CountLaunches(model, workspace),
                warmup ? Median(model, workspace) : null);
        }

        /// <summary>Kernels of a forward pass; only devices with hardware of their own are run for it.</summary>
        private static long CountLaunches(SequenceModel model, ModelWorkspace workspace)
        {
            if (!model.Device.StartsKernels)
                return 0;
            long before = model.Device.LaunchCount;
            model.Warmup(workspace, iterations: 1);
            return model.Device.LaunchCount - before;
        }

        private static double Median(SequenceModel model, ModelWorkspace workspace)
        {
            model.Warmup(workspace);
            double[] times = new double[WarmupBlocks];
            for (int i = 0; i < times.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                model.Warmup(workspace, WarmupRuns);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / WarmupRuns;
            }

            Array.Sort(times);
            return times[WarmupBlocks / 2];
        }
    }
}
