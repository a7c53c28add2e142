using System.Globalization;
using System.Text.Json;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Reports;

namespace SeqInfer.Bench.Gpu.Reports;

/// <summary>gpu.json: everything that was measured, as numbers.</summary>
internal static class GpuJson
{
    /// <summary>Writes the file.</summary>
    public static void Write(string path, GpuRun run)
    {
        using FileStream stream = File.Create(path);
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            Write(json, run);
        stream.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, GpuRun run)
    {
        json.WriteStartObject();
        json.WriteStartObject("machine");
        json.WriteString("cpu", run.Machine.Cpu);
        json.WriteNumber("cores", run.Machine.Cores);
        json.WriteString("kernels", run.Machine.Kernels);
        json.WriteString("system", run.Machine.System);
        json.WriteString("runtime", run.Machine.Runtime);
        json.WriteString("commit", run.Machine.Commit);
        json.WriteString("started", run.Started.ToString("u", CultureInfo.InvariantCulture));
        json.WriteBoolean("quick", run.Options.IsQuick);
        json.WriteEndObject();
        List(json, "devices", run.Devices, device => Device(json, run, device));
        List(json, "checks", run.Checks, check => Check(json, check));
        List(json, "cells", run.Cells, cell => Cell(json, cell));
        List(json, "kernels", run.Kernels, kernel => Kernel(json, kernel));
        List(json, "left_out", run.LeftOut, missing => Missing(json, missing));
        json.WriteEndObject();
    }

    private static void Device(Utf8JsonWriter json, GpuRun run, DeviceFacts device)
    {
        json.WriteString("device", device.Name);
        json.WriteString("hardware", device.Hardware);
        json.WriteString("kind", device.Kind);
        json.WriteString("driver", device.Driver);
        json.WriteString("compiler", device.Compiler);
        json.WriteNumber("memory_bytes", device.MemoryBytes);
        json.WriteNumber("multiprocessors", device.Multiprocessors);
        json.WriteBoolean("is_host", device.IsHost);
        if (!run.Limits.TryGetValue(device.Name, out DeviceLimits? limits))
            return;
        json.WriteStartObject("limits");
        Number(json, "copy_gbs", limits.CopyBytesPerSecond / 1e9);
        Number(json, "kernel_copy_gbs", limits.KernelCopyBytesPerSecond / 1e9);
        Number(json, "fma_gflops", limits.FlopsPerSecond / 1e9);
        Number(json, "upload_gbs", limits.UploadBytesPerSecond / 1e9);
        Number(json, "download_gbs", limits.DownloadBytesPerSecond / 1e9);
        Number(json, "enqueue_us", limits.EnqueueSeconds * 1e6);
        Number(json, "round_trip_us", limits.RoundTripSeconds * 1e6);
        json.WriteEndObject();
    }

    private static void Check(Utf8JsonWriter json, CheckResult check)
    {
        json.WriteString("part", check.Part);
        json.WriteString("device", check.Device);
        json.WriteString("name", check.Name);
        json.WriteBoolean("passed", check.Problem is null);
        Number(json, "share_of_tolerance", check.Share);
        if (check.Problem is not null)
            json.WriteString("problem", check.Problem);
        if (check.Detail is not null)
            json.WriteString("detail", check.Detail);
    }

    private static void Cell(Utf8JsonWriter json, CellTime cell)
    {
        json.WriteString("cell", cell.Cell);
        json.WriteNumber("batch", cell.Batch);
        json.WriteString("device", cell.Device);
        Number(json, "request_us", cell.Request.MedianMicroseconds);
        Number(json, "request_p99_us", cell.Request.TailMicroseconds);
        Number(json, "flops", cell.Flops);
        Number(json, "weight_bytes", cell.WeightBytes);
        if (cell.Pass is not { } pass)
            return;
        Number(json, "pass_us", pass.MedianMicroseconds);
        Number(json, "stream_us", cell.StreamMicroseconds);
        json.WriteNumber("launches", cell.Launches);
        Number(json, "launch_share", cell.LaunchShare);
        Number(json, "transfer_share", cell.TransferShare);
        Number(json, "limit_us", cell.LimitMicroseconds);
        Number(json, "percent_of_limit", 100 * cell.LimitMicroseconds / cell.StreamMicroseconds);
        Number(json, "max_abs_diff", cell.MaxAbsDiff);
    }

    private static void Kernel(Utf8JsonWriter json, KernelTime kernel)
    {
        json.WriteString("operation", kernel.Operation);
        json.WriteString("shape", kernel.Shape);
        json.WriteString("device", kernel.Device);
        Number(json, "us", kernel.Microseconds);
        Number(json, "gflops", kernel.Flops / kernel.Microseconds / 1e3);
        Number(json, "gbs", kernel.Bytes / kernel.Microseconds / 1e3);
        Number(json, "limit_us", kernel.LimitMicroseconds);
        Number(json, "percent_of_limit", 100 * kernel.LimitMicroseconds / kernel.Microseconds);
    }

    private static void Missing(Utf8JsonWriter json, MissingCell missing)
    {
        json.WriteString("name", missing.Name);
        json.WriteString("reason", missing.Reason);
    }

    private static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, double value) => Numbers.WriteFinite(json, name, value);
}
