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
