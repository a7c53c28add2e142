using System.Text.Json;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Bench.Startup;
using SeqInfer.Bench.Tests.OnnxRuntime;

namespace SeqInfer.Bench.Tests.Startup;

/// <summary>Processes that serve one model.</summary>
public sealed class StartupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqinfer-startup-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableTheory]
    [InlineData("dense")]
    [InlineData("encoder")]
    public void Both_sides_load_and_answer_in_processes_of_their_own(string name)
    {
        OrtEnvironment ort = OrtFixture.Require();
        BenchModel bench = name == "dense" ? Zoo.Dense(name, 6, 9, 1) : Zoo.Encoder(name, 8, 2, 16, 2, 5, vocabulary: 40);
        using var runner = new StartupRunner(ort.LibraryPath, repeats: 1);
        StartupResult result = runner.Measure(bench, StartupRunner.ProgramIn(AppContext.BaseDirectory), "jit");
        Assert.All([result.Ort, result.Ours], times =>
        {
            Assert.InRange(times.LoadMicroseconds, 1, times.ProcessMicroseconds);
            Assert.InRange(times.AnonymousBytes, 1, times.ResidentBytes);
        });
        Assert.InRange(result.WeightBytes, 4L * 60, 1L << 20);
    }

    [SkippableFact]
    public void A_program_that_is_not_there_is_an_error_that_names_it()
    {
        OrtEnvironment ort = OrtFixture.Require();
        using var runner = new StartupRunner(ort.LibraryPath, repeats: 1);
        StartupException e = Assert.Throws<StartupException>(() => runner.Measure(Zoo.Dense("dense", 6, 9, 1), StartupRunner.ProgramIn("/no/such"), "jit"));
        Assert.Contains("/no/such", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_files_have_both_sides_of_each_model()
    {
        var machine = new MachineInfo("a cpu", 2, "avx2", "x64-f32-avx2", "system", "runtime", "1.30.0", "0123456");
        StartupReport.Write(
            _folder.FullName, machine, [new StartupResult("wide", 4_000_000, "jit", new StartupTimes(2e4, 5e4, 6e7, 2e7), new StartupTimes(1e4, 4e4, 5e7, 1e7))]);
        Assert.Contains(
            "| wide | 4.0 | jit | 20.0 | 10.0 | 50.0 | 40.0 | 60.0 | 50.0 | 20.0 | 10.0 |",
            File.ReadAllText(Path.Combine(_folder.FullName, "startup.md")),
            StringComparison.Ordinal);
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder.FullName, "startup.json")));
        JsonElement model = Assert.Single(document.RootElement.GetProperty("models").EnumerateArray());
        Assert.Equal(10_000, model.GetProperty("ours_load_us").GetDouble());
        Assert.Equal("a cpu", document.RootElement.GetProperty("machine").GetProperty("cpu").GetString());
    }
}
