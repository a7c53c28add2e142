using SeqInfer.Bench.Models;
using SeqInfer.Bench.Onnx;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Runtime;

namespace SeqInfer.Bench.Recording;

/// <summary>An output of a recorded graph.</summary>
/// <param name="Output">Name of the model's output.</param>
/// <param name="Tensor">Name in the graph.</param>
/// <param name="Element">Element type.</param>
/// <param name="Shape">Dimensions for the recorded batch.</param>
internal sealed record GraphOutput(string Output, string Tensor, OnnxElement Element, long[] Shape);

/// <summary>A forward pass as an ONNX model.</summary>
internal sealed record RecordedModel(byte[] Bytes, SequenceShape Shape, IReadOnlyList<GraphInput> Inputs, IReadOnlyList<GraphOutput> Outputs);

/// <summary>Runs a model's forward pass on a recording device.</summary>
internal static class Recorder
{
    /// <summary>Records a model.</summary>
    /// <param name="create">Makes the model on the device given.</param>
    /// <param name="shape">The batch: rows and the length of every ragged input of events.</param>
    /// <param name="outputs">Which outputs.</param>
    /// <param name="options">How the graph is written.</param>
    /// <param name="topK">Items of a top-K output.</param>
    /// <exception cref="RecordingException">The forward pass has no counterpart in ONNX.</exception>
    public static RecordedModel Record(
        Func<RecordingDevice, Model> create, SequenceShape shape, IReadOnlyList<string> outputs, RecordingOptions options, int topK = 10)
    {
        if (shape.IsBatchSymbolic != options.IsBatchSymbolic || (shape.IsBatchSymbolic && shape.Batch < 2))
            throw new ArgumentException("an open batch is recorded with two rows or more, so that rows and batches differ", nameof(shape));
        using var device = new RecordingDevice(options);
        Model model = create(device);
        model.Prepare();

        var batch = new Batch(model.Signature) { TopK = topK };
        Fill(batch, shape);
        OutputSet wanted = model.Signature.Select([.. outputs]);
        var limits = new BatchLimits
        {
            MaxBatch = shape.Batch,
            MaxEvents = shape.RowCount,
            MaxCandidates = checked(shape.Batch * shape.Candidates),
            MaxK = topK,
            Outputs = wanted,
        };
        using ModelWorkspace workspace = WorkspacePlanner.Create(model, limits);
        device.Begin(batch, shape);
        workspace.Pass.Begin(batch, wanted);
        model.Forward(workspace.Pass);

        List<GraphOutput> results = [];
        foreach (string output in outputs)
        {
            ForwardPass.Result result = workspace.Pass[model.Signature.IndexOfOutput(output)];
            Recorded values = device.Result(workspace.Pass.Workspace, result.Values);
            results.Add(Emit(device, output, values.As(Layout.Flat), OnnxElement.Float, shape, values.RowCount, values.ColumnCount));
            if (result.Ids.Count > 0)
            {
                string ids = RecordingDevice.Result(workspace.Pass.Workspace, result.Ids);
                results.Add(Emit(device, output, ids, OnnxElement.Int64, shape, values.RowCount, values.ColumnCount));
            }
        }

        return new RecordedModel(device.Graph.ToArray(), shape, [.. device.Inputs.Used], results);
    }

    /// <summary>Fills every required input with values that can be told from positions and row numbers: no id follows its predecessor by one step.</summary>
    internal static void Fill(Batch batch, SequenceShape shape)
    {
        var random = new Random(20_240_501);
        for (int i = 0; i < batch.Signature.Inputs.Length; i++)
        {
            InputSpec spec = batch.Signature.Inputs[i];
            bool isCandidates = spec.Role == RaggedRole.Candidates;
            if (!spec.IsRequired && !isCandidates)
                continue;
            for (int row = 0; row < shape.Batch; row++)
            {
                int count = RequestRows.CountOf(batch.Signature, spec, shape.Length, shape.Candidates);
                if (batch[i] is IdColumn ids)
                    ids.Add(Ids(spec, count, random));
                else
                    RequestRows.Add(batch[i], new float[count]);
            }
        }
    }

    private static int[] Ids(InputSpec spec, int count, Random random)
    {
        int last = (int)Math.Min(spec.MaxId, spec.MinId + (1L << 20));
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(spec.MinId + ((last - spec.MinId) / 2), last + 1))];
    }

    private static GraphOutput Emit(
        RecordingDevice device, string output, string tensor, OnnxElement element, SequenceShape shape, int rows, int columns)
    {
        OnnxDimension leading = !shape.IsBatchSymbolic ? rows : rows == shape.Batch ? shape.BatchDimension : "rows";
        device.Graph.Output(tensor, element, leading, columns);
        return new GraphOutput(output, tensor, element, [rows, columns]);
    }
}
