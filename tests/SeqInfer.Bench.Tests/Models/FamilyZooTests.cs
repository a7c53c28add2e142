using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Models;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Bench.Tests.Models;

/// <summary>The model of every family that the suites run.</summary>
public class FamilyZooTests
{
    public static TheoryData<string> Names => [.. FamilyZoo.All.Select(model => model.Name)];

    [Fact]
    public void Every_family_of_the_engine_has_a_model() => Assert.Equal(
        ModelRegistry.Names.Where(name => !name.StartsWith("bench-", StringComparison.Ordinal)),
        FamilyZoo.All.Select(model => model.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_request_has_an_answer_that_follows_from_it(string name)
    {
        BenchModel bench = FamilyZoo.All.Single(model => model.Name == name);
        using SequenceModel model = bench.Create();
        float[] first = Answer(bench, model, 1);
        float[] second = Answer(bench, model, 2);
        Assert.DoesNotContain(float.NaN, first);
        Assert.Contains(first, value => value != 0);
        if (model.Signature.Inputs.Any(input => input.IsRequired))
            Assert.NotEqual(first, second);
    }

    private static float[] Answer(BenchModel bench, SequenceModel model, int seed)
    {
        Batch request = model.CreateBatch();
        bench.Fill(request, 2, new Random(seed));
        using var run = new OurRun(model, bench.Limits(model.Signature, 2), bench.Output, request);
        run.Run();
        return run.Values.ToArray();
    }
}
