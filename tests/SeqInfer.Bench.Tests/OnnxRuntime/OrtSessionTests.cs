using SeqInfer.Bench.Onnx;
using SeqInfer.Bench.OnnxRuntime;

namespace SeqInfer.Bench.Tests.OnnxRuntime;

/// <summary>The binding: places in the function table, shapes, errors.</summary>
public class OrtSessionTests
{
    [Fact]
    public void A_library_that_is_not_there_is_named_with_the_way_to_get_it()
    {
        OrtException e = Assert.Throws<OrtException>(() => OrtLibrary.Find("/no/such/libonnxruntime.so"));
        Assert.Contains("/no/such/libonnxruntime.so", e.Message, StringComparison.Ordinal);
        Assert.Contains("bench/setup", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_version_is_a_version() => Assert.Matches(@"^1\.\d+\.\d+", OrtFixture.Require().Version);

    [SkippableFact]
    public void A_damaged_model_is_an_error_with_a_message()
    {
        OrtException e = Assert.Throws<OrtException>(() => OrtFixture.Require().CreateSession([1, 2, 3], 1));
        Assert.Contains("protobuf", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [SkippableFact]
    public void Inputs_and_outputs_have_names_types_and_shapes()
    {
        using OrtSession session = OrtFixture.Require().CreateSession(Doubler(out string y), 1);
        OrtSlot input = Assert.Single(session.Inputs);
        Assert.Equal(("x", OnnxElement.Float), (input.Name, input.Element));
        Assert.Equal([-1, 3], input.Shape);
        Assert.Equal(y, Assert.Single(session.Outputs).Name);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_run_writes_into_the_bound_buffer_for_any_batch_size(int threads)
    {
        OrtEnvironment environment = OrtFixture.Require();
        using OrtSession session = environment.CreateSession(Doubler(out string y), threads);
        using var x = new OrtTensor(environment, OnnxElement.Float, 4, 3);
        using var target = new OrtTensor(environment, OnnxElement.Float, 4, 3);
        for (int rows = 1; rows <= 4; rows++)
        {
            using OrtTensor input = x.View(environment, rows, 3);
            using OrtTensor output = target.View(environment, rows, 3);
            using OrtBinding binding = session.CreateBinding().Input("x", input).Output(y, output);
            target.Span<float>().Fill(-1);
            for (int i = 0; i < 12; i++)
                x.Span<float>()[i] = i + rows;
            binding.Run();
            for (int i = 0; i < 12; i++)
                Assert.Equal(i < rows * 3 ? 2f * (i + rows) : -1f, target.Span<float>()[i]);
        }
    }

    [SkippableFact]
    public void A_run_allocates_nothing_on_the_managed_side()
    {
        OrtEnvironment environment = OrtFixture.Require();
        using OrtSession session = environment.CreateSession(Doubler(out string y), 1);
        using var x = new OrtTensor(environment, OnnxElement.Float, 2, 3);
        using var target = new OrtTensor(environment, OnnxElement.Float, 2, 3);
        using OrtBinding binding = session.CreateBinding().Input("x", x).Output(y, target);
        for (int i = 0; i < 3; i++)
            binding.Run();

        // The least of several: another thread's collection can take away the rest of this thread's allocation window, which then counts.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                binding.Run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static byte[] Doubler(out string y)
    {
        var graph = new OnnxGraph();
        string x = graph.Input("x", OnnxElement.Float, "rows", 3L);
        y = graph.Node("Add", [x, x]);
        graph.Output(y, OnnxElement.Float, "rows", 3L);
        return graph.ToArray();
    }
}
