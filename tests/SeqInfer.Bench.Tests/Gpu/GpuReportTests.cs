using System.Text.Json;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Gpu;
using SeqInfer.Bench.Gpu.Reports;

namespace SeqInfer.Bench.Tests.Gpu;

/// <summary>What a run writes, whatever devices the build has.</summary>
public sealed class GpuReportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqinfer-gpu-report-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_json_has_every_number_and_null_for_what_was_not_measured()
    {
        string path = Path.Combine(_folder.FullName, "gpu.json");
        GpuJson.Write(path, Example());
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        JsonElement limits = root.GetProperty("devices")[0].GetProperty("limits");
        Assert.Equal(2000, limits.GetProperty("copy_gbs").GetDouble());
        Assert.Equal(50_000, limits.GetProperty("fma_gflops").GetDouble());
        Assert.Equal(5, limits.GetProperty("enqueue_us").GetDouble());
        JsonElement[] cells = [.. root.GetProperty("cells").EnumerateArray()];
        Assert.Equal("cpu x 1", cells[0].GetProperty("device").GetString());
        Assert.False(cells[0].TryGetProperty("pass_us", out _));
        Assert.Equal(40, cells[1].GetProperty("stream_us").GetDouble());
        Assert.Equal(25, cells[1].GetProperty("percent_of_limit").GetDouble());
        Assert.Equal(JsonValueKind.Null, cells[1].GetProperty("max_abs_diff").ValueKind);
        JsonElement kernel = root.GetProperty("kernels")[0];
        Assert.Equal(10_000, kernel.GetProperty("gflops").GetDouble());
        Assert.Equal(20, kernel.GetProperty("percent_of_limit").GetDouble());
        JsonElement[] checks = [.. root.GetProperty("checks").EnumerateArray()];
        Assert.Equal([true, false], checks.Select(check => check.GetProperty("passed").GetBoolean()));
        Assert.Equal("wrong", checks[1].GetProperty("problem").GetString());
        Assert.Equal("too slow", root.GetProperty("left_out")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public void The_page_shows_ratios_to_PyTorch_and_what_failed()
    {
        GpuRun run = Example();
        string page = GpuMarkdown.Text(run, TorchTimes.Read(Torch("""
            {"machine": {"torch": "2.0", "device": "GPU"},
             "cells": [{"cell": "sas64", "batch": 64, "form": "eager", "request_us": 90.0, "pass_us": 80.0, "stream_us": 60.0}],
             "products": [{"shape": "64x512x1024", "form": "fp32", "stream_us": 5.0}]}
            """)));
        Assert.Contains("PyTorch 2.0 on GPU", page, StringComparison.Ordinal);
        Assert.Contains("eager 60.0 (1.50)", page, StringComparison.Ordinal);
        Assert.Contains("fp32 5.00 (0.50)", page, StringComparison.Ordinal);
        Assert.Contains("failed: cuda:0, cases, din-a: wrong", page, StringComparison.Ordinal);
        Assert.Contains("| cuda:0 | ops | 1 | 1 | 62 % (Score) |", page, StringComparison.Ordinal);
        Assert.False(run.Passed);
        Assert.All(page.Split('\n').Where(line => line.StartsWith("| sas64", StringComparison.Ordinal)), line => Assert.Equal(15, line.Count(c => c == '|')));
    }

    [Fact]
    public void A_page_without_PyTorch_has_no_column_for_it() => Assert.DoesNotContain("PyTorch", GpuMarkdown.Text(Example(), null), StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"machine": {"torch": "2.0", "device": "GPU"}, "cells": [{"cell": "x", "batch": "one", "form": "eager"}], "products": []}""")]
    [InlineData("no json")]
    public void Another_file_is_no_file_of_times(string text) => Assert.ThrowsAny<JsonException>(() => TorchTimes.Read(Torch(text)));

    [Fact]
    public void A_file_is_replaced_as_a_whole()
    {
        string path = Path.Combine(_folder.FullName, "file");
        WholeFile.Write(path, place => File.WriteAllText(place, "first"));
        Assert.Throws<InvalidOperationException>(() => WholeFile.Write(path, place =>
        {
            File.WriteAllText(place, "half");
            throw new InvalidOperationException();
        }));
        Assert.Equal("first", File.ReadAllText(path));
        WholeFile.Write(path, place => File.WriteAllText(place, "second"));
        Assert.Equal("second", File.ReadAllText(path));
    }

    private static GpuRun Example()
    {
        GpuRun run = new(MachineInfo.Describe("", "kernels", ""), DateTime.UnixEpoch, new GpuOptions());
        run.Devices.Add(new DeviceFacts("cuda:0", "GPU", "cuda", "driver", "compiler", 80L << 30, 132, false));
        run.Limits["cuda:0"] = new DeviceLimits(2e12, 1.9e12, 5e13, 2.5e10, 2.4e10, 5e-6, 2e-5);
        run.Cells.Add(new CellTime("sas64", 64, "cpu x 1", new Timings(1000, 1100, [])) { Flops = 1e6 });
        run.Cells.Add(new CellTime("sas64", 64, "cuda:0", new Timings(70, 90, []))
        {
            Pass = new Timings(50, 60, []),
            StreamMicroseconds = 40,
            Launches = 19,
            Flops = 1e6,
            LimitMicroseconds = 10,
        });
        run.Kernels.Add(new KernelTime("cuda:0", "Linear", "64x512x1024", 10, 1e8, 1e6, 2));
        run.Checks.Add(new CheckResult(GpuOptions.Operations, "cuda:0", "Score", 0.62, null));
        run.Checks.Add(new CheckResult(GpuOptions.Cases, "cuda:0", "din-a", double.NaN, "wrong"));
        run.LeftOut.Add(new MissingCell("sas64, batch 4096", "too slow"));
        return run;
    }

    private string Torch(string text)
    {
        string path = Path.Combine(_folder.FullName, "torch.json");
        File.WriteAllText(path, text);
        return path;
    }
}
