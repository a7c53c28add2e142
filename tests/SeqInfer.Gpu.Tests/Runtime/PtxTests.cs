using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;
using SeqInfer.Gpu.Runtime;

namespace SeqInfer.Gpu.Tests.Runtime;

/// <summary>The text that the CUDA driver would get, made without a GPU: what no kernel may contain.</summary>
public sealed partial class PtxTests
{
    public static TheoryData<string, bool, CudaArchitecture> Kernels()
    {
        TheoryData<string, bool, CudaArchitecture> data = [];
        foreach (CudaArchitecture architecture in new[] { CudaArchitecture.SM_80, CudaArchitecture.SM_90 })
        {
            foreach (bool isTuned in new[] { false, true })
            {
                foreach (string name in PtxText.Of(architecture, isTuned).Keys)
                    data.Add(name, isTuned, architecture);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(Kernels))]
    public void No_kernel_spills_or_loads_generically(string name, bool isTuned, CudaArchitecture architecture)
    {
        PtxStatistics statistics = PtxStatistics.Of(PtxText.Of(architecture, isTuned)[name]);
        Assert.Equal(0, statistics.LocalBytes);
        Assert.Equal(0, statistics.GenericAccesses);
        Assert.Equal(0, statistics.Calls);
    }

    [Theory]
    [InlineData("TileLinear Dot")]
    [InlineData("RowsLinear Dot")]
    [InlineData("GroupRecurrent")]
    public void Tiles_are_read_sixteen_bytes_at_a_time(string name) =>
        Assert.True(PtxStatistics.Of(PtxText.Of(CudaArchitecture.SM_80, isTuned: true)[name]).WideSharedLoads > 0);

    /// <summary>The instructions as the PTX ISA writes them: four registers of D, four of A, two of B and four of C, the multiplicands untyped.</summary>
    [Theory]
    [InlineData("TensorLinear Tf32", "m16n8k8.row.col.f32.tf32.tf32.f32", @"cvt\.rna\.tf32\.f32\s+%r\d+, %f\d+;")]
    [InlineData("TensorLinear Bf16", "m16n8k16.row.col.f32.bf16.bf16.f32", @"cvt\.rn\.bf16x2\.f32\s+%r\d+, %f\d+, %f\d+;")]
    public void Tensor_cores_get_their_instructions(string name, string shape, string conversion)
    {
        string text = PtxText.Of(CudaArchitecture.SM_80, isTuned: true)[name];
        string Registers(char kind, int count) => $"\\{{{string.Join(", ", Enumerable.Repeat($"%{kind}\\d+", count))}\\}}";
        string instruction = $"mma\\.sync\\.aligned\\.{Regex.Escape(shape)}\\s+"
            + $"{Registers('f', 4)}, {Registers('r', 4)}, {Registers('r', 2)}, {Registers('f', 4)};";
        Assert.Equal(4, Regex.Count(text, instruction));
        Assert.Equal(4, Regex.Count(text, "mma\\."));
        Assert.NotEmpty(Regex.Matches(text, conversion));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void The_text_is_for_the_architecture_that_was_asked_for(string name, bool isTuned, CudaArchitecture architecture)
    {
        string text = PtxText.Of(architecture, isTuned)[name];
        Assert.Contains($"\n.target {architecture.ToString().ToLowerInvariant()}", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("\n.version 8.0\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    /// <summary>ILGPU writes sm_80 for newer devices, too. Nothing else of the text depends on the architecture.</summary>
    [Fact]
    public void Newer_devices_get_the_instructions_of_older_ones()
    {
        IReadOnlyDictionary<string, string> older = PtxText.Of(CudaArchitecture.SM_80, isTuned: true);
        foreach ((string name, string text) in PtxText.Of(CudaArchitecture.SM_90, isTuned: true))
            Assert.Equal(WithoutNumbers(older[name]), WithoutNumbers(text).Replace(".target sm_90", ".target sm_80", StringComparison.Ordinal));

        // Functions are numbered through a process
        static string WithoutNumbers(string text) => Regex.Replace(text, @"_\d+", "_");
    }

    [Fact]
    public void The_statistics_find_what_they_look_for()
    {
        PtxStatistics statistics = PtxStatistics.Of("""
            	.local .align 4 .b8 __local_depot0[24];
            	ld.f32	%f1, [%rd1];
            	ld.global.v4.f32	{%f1, %f2, %f3, %f4}, [%rd1];
            	call.uni (retval), Pow, (param);
            	fma.rn.f32	%f1, %f2, %f3, %f4;
            """);
        Assert.Equal(new PtxStatistics(24, 1, 1, 1, 0, 0, 1), statistics);
    }
}
