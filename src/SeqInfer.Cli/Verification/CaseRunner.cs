using System.Text.Json;
using SeqInfer.Cli.Data;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Cli.Verification;

/// <summary>How cases are verified.</summary>
/// <param name="Device">Device string.</param>
/// <param name="BatchRows">Rows a request.</param>
/// <param name="Weights">How the matrices of the layers are held.</param>
/// <param name="Reordering">How the nodes of graphs are numbered inside.</param>
internal sealed record VerifyOptions(
    string Device = "cpu", int BatchRows = 64, WeightStorage Weights = WeightStorage.Float32, NodeReordering Reordering = NodeReordering.None);

/// <summary>Runs cases: loads the model, feeds the inputs in batches and compares the outputs.</summary>
internal static class CaseRunner
{
    private const string SimilarityField = "similarity";

    /// <summary>Verifies one case. What keeps it from running is part of the report, not an exception.</summary>
    public static CaseReport Verify(string folder, VerifyOptions options, CancellationToken cancellation = default)
    {
        string name = new CaseDefinition(folder, new Dictionary<string, CaseInput>(), []).Name;
        try
        {
            CaseDefinition definition = CaseReader.Read(folder);
            using CaseTensors tensors = CaseTensors.Open(folder);
            ModelData data = CaseData.Read(definition, tensors);
            OutputReport[] reports = new OutputReport[definition.Outputs.Count];
            string kernels = "";
            foreach (IGrouping<string?, int> variant in Enumerable.Range(0, reports.Length).GroupBy(i => Similarity(definition, i)))
            {
                using SequenceModel model = Load(folder, options, variant.Key, data);
                kernels = model.Device.KernelName;
                foreach (IReadOnlyList<int> pass in Passes(definition, variant))
                    Verify(definition, tensors, model, pass, options, reports, cancellation);
            }

            return new CaseReport(name, reports, KernelName: kernels);
        }
        catch (Exception e) when (e is SeqInferException or IOException or UnauthorizedAccessException or ArgumentException or OverflowException)
        {
            return new CaseReport(name, [], e.Message);
        }
    }

    private static void Verify(
        CaseDefinition definition,
        CaseTensors tensors,
        SequenceModel model,
        IReadOnlyList<int> pass,
        VerifyOptions options,
        OutputReport[] reports,
        CancellationToken cancellation)
    {
        TopKOutput? list = pass.Select(i => definition.Outputs[i]).OfType<TopKOutput>().SingleOrDefault();
        if (list is not null && model.Signature.IndexOfOutput(list.Output) < 0)
            list = null;
        InputRows inputs = CaseBinder.Bind(definition, tensors, model.Signature, list);
        var run = new CasePass(model, inputs, list, options.BatchRows);
        Dictionary<int, OutputCheck> checks = [];
        foreach (int i in pass)
        {
            CaseOutput output = definition.Outputs[i];
            if (model.Signature.IndexOfOutput(output.Output) < 0)
                reports[i] = OutputCheck.Impossible(output, $"the model has no such output; its outputs are {string.Join(", ", model.Signature.Outputs.Select(spec => spec.Name))}");
            else
                checks.Add(i, CreateCheck(definition, tensors, model.Signature, inputs, run, output));
        }

        run.Run([.. checks.Values], cancellation);
        foreach ((int i, OutputCheck check) in checks)
            reports[i] = check.Report();
    }

    private static OutputCheck CreateCheck(
        CaseDefinition definition, CaseTensors tensors, ModelSignature signature, InputRows inputs, CasePass run, CaseOutput output)
    {
        OutputSpec spec = signature.Outputs[signature.IndexOfOutput(output.Output)];
        int[] rows = OutputCheck.Pick(output.Rows, spec.Kind == OutputKind.PerNode ? spec.NodeCount : inputs.RowCount, tensors);
        if (output is TopKOutput list)
            return new TopKCheck(list, rows, tensors, CaseExclusions.Rows(definition, tensors, inputs, list), run.ScoreBehind);
        var values = (ValuesOutput)output;
        string? where = values.Where is { } name && definition.Inputs.TryGetValue(name, out CaseInput? input) && input is TensorInput tensor
            ? tensor.Tensor
            : values.Where;
        return new ValuesCheck(
            values, spec, rows, tensors, where is null ? null : tensors.Inputs[where]);
    }

    // Values go along with the first list; every further list has its own k and exclusions, and so its own requests.
    private static IEnumerable<IReadOnlyList<int>> Passes(CaseDefinition definition, IEnumerable<int> outputs)
    {
        List<int> first = [];
        bool hasList = false;
        foreach (int i in outputs)
        {
            if (definition.Outputs[i] is TopKOutput && hasList)
            {
                yield return [i];
                continue;
            }

            hasList |= definition.Outputs[i] is TopKOutput;
            first.Add(i);
        }

        if (first.Count > 0)
            yield return first;
    }

    // A list without a similarity and one with the model's own run on the same model.
    private static string? Similarity(CaseDefinition definition, int output) =>
        (definition.Outputs[output] as TopKOutput)?.Similarity is { } similarity && similarity != ConfiguredSimilarity(definition.Folder)
            ? similarity
            : null;

    private static string ConfiguredSimilarity(string folder) =>
        ModelConfig.Load(Path.Combine(folder, "config.json")).OptionalText(SimilarityField) ?? "dot";

    private static SequenceModel Load(string folder, VerifyOptions options, string? similarity, ModelData data) => SequenceModel.Load(folder, new LoadOptions
    {
        Device = options.Device,
        WeightStorage = options.Weights,
        Data = data,
        NodeReordering = options.Reordering,
        ConfigOverrides = similarity is null
            ? new Dictionary<string, string>()
            : new Dictionary<string, string> { [SimilarityField] = $"\"{JsonEncodedText.Encode(similarity)}\"" },
    });
}
