using ILGPU.Runtime.Cuda;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Gpu.Tests.Runtime;

/// <summary>The table of kernels in kernels-doc/gpu.md says what the compiler says.</summary>
public sealed class KernelPageTests
{
    [Fact]
    public void The_page_lists_every_kernel_with_its_statistics()
    {
        string[] page = File.ReadAllLines(Path.Combine(Goldens.Repository, "kernels-doc", "gpu.md"));
        string[] rows = [.. page.SkipWhile(line => !line.StartsWith("| kernel |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))];
        string[] expected = [.. Rows()];
        Assert.True(expected.SequenceEqual(rows), $"the table should read:\n{string.Join('\n', expected)}");
    }

    private static IEnumerable<string> Rows()
    {
        IReadOnlyDictionary<string, string> plain = PtxText.Of(CudaArchitecture.SM_80, isTuned: false);
        IReadOnlyDictionary<string, string> tuned = PtxText.Of(CudaArchitecture.SM_80, isTuned: true);
        foreach ((string name, string text) in tuned.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            PtxStatistics statistics = PtxStatistics.Of(text);
            PtxStatistics? other = plain.TryGetValue(name, out string? otherText) ? PtxStatistics.Of(otherText) : null;
            bool hasTwoForms = other is not null && other != statistics;
            if (hasTwoForms)
                yield return Row($"{name}, one lane a row", other!);
            yield return Row(hasTwoForms ? $"{name}, 32 lanes a row" : name, statistics);
        }
    }

    private static string Row(string name, PtxStatistics s) =>
        $"| {name} | {s.LocalBytes} | {s.GenericAccesses} | {s.Calls} | {s.WideGlobalLoads} | {s.WideSharedLoads} | {s.SharedBytes} | {s.FusedMultiplyAdds} |";
}
