using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Runtime;

/// <summary>What narrow weights do to the outputs of whole models.</summary>
public sealed class WeightStorageModelTests
{
    private const int BatchSize = 6;

    [Fact]
    public void Explore()
    {
        List<string> lines = [];
        foreach (string name in Goldens.CaseNames)
        {
            foreach (WeightStorage storage in new[] { WeightStorage.BFloat16, WeightStorage.Int8 })
            {
                Dictionary<string, float[]> exact = Outputs(name, "cpu", WeightStorage.Float32);
                Dictionary<string, float[]> actual = Outputs(name, "cpu", storage);
                Dictionary<string, float[]> reference = Outputs(name, "reference", storage);
                foreach (string output in actual.Keys)
                {
                    double range = exact[output].Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
                    lines.Add($"{Diff(exact[output], actual[output]) / range:G4} {Diff(reference[output], actual[output]) / range:G4} {storage} {name} {output} {range:G3}");
                }
            }
        }

        File.WriteAllLines("/tmp/storbench/explore.txt", lines);
    }

    private static double Diff(float[] a, float[] b) => a.Zip(b, (x, y) => x.Equals(y) ? 0 : (double)Math.Abs(x - y)).DefaultIfEmpty().Max();

    private static Dictionary<string, float[]> Outputs(string name, string device, WeightStorage storage)
    {
        using var model = Goldens.Load(name, device, storage);
        using ModelWorkspace workspace = model.CreateWorkspace(SequenceModelTests.AllOutputs(model, BatchSize));
        var random = new Random(7);
        Batch batch = model.CreateBatch();
        batch.TopK = 1;
        RandomRequests.Fill(batch, Enumerable.Range(0, BatchSize).Select(_ => RandomRequests.Create(model.Signature, random)));
        model.Run(batch, workspace, workspace.Limits.Outputs);
        Dictionary<string, float[]> outputs = [];
        foreach (OutputSpec spec in model.Signature.Outputs.Where(spec => spec.Kind != OutputKind.TopK))
        {
            float[] values = new float[workspace[spec.Name].ElementCount];
            workspace[spec.Name].CopyTo(values);
            outputs.Add(spec.Name, values);
        }

        return outputs;
    }
}
