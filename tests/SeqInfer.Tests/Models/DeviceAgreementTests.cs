using SeqInfer.Inputs;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Tests.Runtime;

namespace SeqInfer.Tests.Models;

/// <summary>On random weights and random requests, every family gives on the CPU what it gives on the reference device.</summary>
public class DeviceAgreementTests
{
    private const int BatchSize = 9;
    private const int TopK = 7;

    // A few layers of some hundred additions whose errors the next layers carry on and norms enlarge: as much as 100 000 additions would.
    private static readonly Tolerance Layers = Tolerance.Accumulated(100_000);

    public static TheoryData<string> Cases => [.. Goldens.CaseNames];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_cpu_agrees_with_the_reference_on_random_weights(string name)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            using var exact = RandomModel.Create(name, "reference", seed);
            using var fast = RandomModel.Create(name, "cpu", seed);
            var random = new Random(seed);
            RandomRequests.Row[] rows = [.. Enumerable.Range(0, BatchSize).Select(_ => RandomRequests.Create(exact.Model.Signature, random))];
            using ModelWorkspace expected = Run(exact.Model, rows);
            using ModelWorkspace actual = Run(fast.Model, rows);
            foreach (OutputSpec output in exact.Model.Signature.Outputs)
                Layers.Check(Values(expected[output.Name]), ToFloats(actual[output.Name]), $"{name}, seed {seed}, {output.Name}");
        }
    }

    private static ModelWorkspace Run(SequenceModel model, RandomRequests.Row[] rows)
    {
        ModelWorkspace workspace = model.CreateWorkspace(SequenceModelTests.AllOutputs(model, BatchSize));
        Batch batch = model.CreateBatch();
        batch.TopK = TopK;
        RandomRequests.Fill(batch, rows);
        model.Run(batch, workspace, workspace.Limits.Outputs);
        return workspace;
    }

    private static double[] Values(OutputView view)
    {
        double[] values = new double[view.ElementCount];
        view.CopyTo(values);
        return values;
    }

    private static float[] ToFloats(OutputView view)
    {
        float[] values = new float[view.ElementCount];
        view.CopyTo(values);
        return values;
    }
}
