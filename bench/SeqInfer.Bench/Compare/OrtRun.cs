using SeqInfer.Bench.Onnx;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Bench.Recording;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Compare;

/// <summary>A recorded model in a session, with bound buffers for one batch size.</summary>
internal sealed class OrtRun : IDisposable
{
    private readonly Dictionary<string, OrtTensor> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Output, OnnxElement Element), OrtTensor> _outputs = [];
    private readonly OrtBinding _binding;

    /// <summary>Allocates and binds.</summary>
    public OrtRun(OrtSession session, RecordedModel model, int batch)
    {
        _binding = session.CreateBinding();
        foreach (GraphInput input in model.Inputs)
        {
            var tensor = new OrtTensor(session.Environment, input.Element, [.. input.Shape.Select(dimension => dimension.Symbol is null ? dimension.Size : batch)]);
            _inputs[input.Name] = tensor;
            input.Values?.CopyTo(tensor.Span<float>());
            _binding.Input(input.Name, tensor);
        }

        foreach (GraphOutput output in model.Outputs)
        {
            long rows = output.Shape[0] / model.Shape.Batch * batch;
            var tensor = new OrtTensor(session.Environment, output.Element, rows, output.Shape[1]);
            _outputs[(output.Output, output.Element)] = tensor;
            _binding.Output(output.Tensor, tensor);
        }
    }

    /// <summary>The buffer of an input, by its name in the graph.</summary>
    public OrtTensor Input(string name) => _inputs[name];

    /// <summary>The buffer of an output, by its name in the model; a top-K has one of scores and one of ids.</summary>
    public OrtTensor Output(string name, OnnxElement element = OnnxElement.Float) => _outputs[(name, element)];

    /// <summary>True for a top-K.</summary>
    public bool HasIds(string output) => _outputs.ContainsKey((output, OnnxElement.Int64));

    /// <summary>Copies a request into the input buffers.</summary>
    public void Fill(Batch batch)
    {
        foreach ((string name, OrtTensor tensor) in _inputs)
        {
            int index = batch.Signature.IndexOfInput(name);
            if (index < 0)
                continue;
            switch (batch[index])
            {
                case ValueColumn values:
                    values.Values.CopyTo(tensor.Span<float>());
                    continue;
                case RaggedValueColumn values:
                    values.Values.CopyTo(tensor.Span<float>());
                    continue;
            }

            ReadOnlySpan<int> ids = batch.Ids(name).Ids;
            Span<long> target = tensor.Span<long>();
            if (ids.Length != target.Length)
                throw new ArgumentException($"{ids.Length} ids for {target.Length} places of '{name}'", nameof(batch));
            for (int i = 0; i < ids.Length; i++)
                target[i] = ids[i];
        }
    }

    /// <summary>Runs once.</summary>
    public void Run() => _binding.Run();

    public void Dispose()
    {
        _binding.Dispose();
        foreach (OrtTensor tensor in _inputs.Values.Concat(_outputs.Values))
            tensor.Dispose();
    }
}
