using System.Text;
using SeqInfer.Bench.Recording;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Models;

/// <summary>A model that lives in memory: a configuration, and random weights that are the same in every run.</summary>
/// <param name="Name">Short name.</param>
/// <param name="Config">config.json.</param>
internal sealed record BenchModel(string Name, string Config)
{
    private const int WeightSeed = 17;

    /// <summary>The forms of every model: how linear layers are written.</summary>
    public static IReadOnlyList<RecordingOptions> LinearForms { get; } = [.. Enum.GetValues<LinearForm>().Select(form => new RecordingOptions { Linear = form, Name = form.ToString() })];

    private IReadOnlyList<TensorInfo>? _tensors;
    private ModelData? _data;

    /// <summary>Events of every sequence in a request; 1 for a model without sequences.</summary>
    public int Length { get; init; } = 1;

    /// <summary>Candidates of every row of a request, also where a request need not have any; null: as many as events where it must.</summary>
    public int? CandidateCount { get; init; }

    /// <summary>Candidates of every row of a request that has some.</summary>
    public int Candidates => CandidateCount ?? Length;

    /// <summary>The output that is asked for.</summary>
    public required string Output { get; init; }

    /// <summary>Items of a top-K output.</summary>
    public int TopK { get; init; } = 10;

    /// <summary>True where a row may not name an item twice.</summary>
    public bool HasDistinctIds { get; init; }

    /// <summary>Makes what the model needs beside weights and requests, when it is first asked for.</summary>
    public Func<ModelData>? MakeData { get; init; }

    /// <summary>What ONNX Runtime runs instead of this model's own forward pass, with the same weights; null: the same.</summary>
    public BenchModel? Peer { get; init; }

    /// <summary>The forms of this model that ONNX Runtime may choose from.</summary>
    public IReadOnlyList<RecordingOptions> Forms { get; init; } = LinearForms;

    /// <summary>What the model needs beside weights and requests.</summary>
    public ModelData Data => _data ??= MakeData?.Invoke() ?? ModelData.Empty;

    /// <summary>Named and shaped as the family asks for them.</summary>
    public IReadOnlyList<TensorInfo> Tensors => _tensors ??= RandomWeights.For(Config, WeightSeed, Data);

    /// <summary>The model, ready for requests.</summary>
    public SequenceModel Create(string device = "cpu") => Create(EngineSettings.Default with { Device = device });

    /// <summary>The model, ready for requests.</summary>
    public SequenceModel Create(EngineSettings settings) => SequenceModel.Create(Parse(), Tensors, settings.LoadOptions(Data));

    /// <summary>Writes a model directory: config.json and model.safetensors.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), Tensors.Select(tensor => TensorData.FromTensor(tensor)));
    }

    /// <summary>The bare forward pass on a device of the caller's; the caller prepares it.</summary>
    public Model CreateOn(Device device) => CreateOn(device, Tensors);

    private Model CreateOn(Device device, IReadOnlyList<TensorInfo> tensors)
    {
        ModelConfig config = Parse().With(Data);
        var weights = WeightScope.FromTensors(tensors);
        Model model = ModelRegistry.Create(config, weights, device);

        // The tensors have the family's own names already.
        _ = config.OptionalTextMap("tensor_names");
        config.Complete();
        weights.Complete();
        return model;
    }

    /// <summary>The forward pass of a dense batch as an ONNX model; that of <see cref="Peer"/> where there is one.</summary>
    public RecordedModel Record(int batch, RecordingOptions? options = null)
    {
        options ??= new RecordingOptions();
        BenchModel recorded = Peer ?? this;
        return Recorder.Record(device => recorded.CreateOn(device, Tensors), new SequenceShape(batch, Length, options.IsBatchSymbolic) { Candidates = Candidates }, [Output], options, TopK);
    }

    /// <summary>Limits of a workspace for dense batches.</summary>
    public BatchLimits Limits(ModelSignature signature, int batch) => new()
    {
        MaxBatch = batch,
        MaxEvents = checked(batch * Length),
        MaxCandidates = checked(batch * Candidates),
        MaxK = TopK,
        Outputs = signature.Select(Output),
    };

    /// <summary>Appends random rows to a request.</summary>
    public void Fill(Batch batch, int rows, Random random)
    {
        batch.TopK = TopK;
        for (int i = 0; i < batch.Signature.Inputs.Length; i++)
        {
            InputSpec spec = batch.Signature.Inputs[i];
            bool isFilled = spec.IsRequired || (spec.Role == RaggedRole.Candidates && CandidateCount is not null);
            for (int row = 0; row < rows && isFilled; row++)
            {
                int count = RequestRows.CountOf(batch.Signature, spec, Length, Candidates);
                if (batch[i] is IdColumn ids)
                    ids.Add(HasDistinctIds ? DistinctIds(spec, count, random) : RandomIds(spec, count, random));
                else
                    RequestRows.Add(batch[i], [.. Enumerable.Range(0, count).Select(_ => (float)RandomWeights.Normal(random))]);
            }
        }
    }

    /// <summary>Ids that an input takes, uniformly.</summary>
    public static int[] RandomIds(InputSpec spec, int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => (int)random.NextInt64(spec.MinId, spec.MaxId + 1L))];

    private static int[] DistinctIds(InputSpec spec, int count, Random random)
    {
        HashSet<int> ids = [];
        while (ids.Count < count)
            ids.Add(RandomIds(spec, 1, random)[0]);
        return [.. ids];
    }

    private ModelConfig Parse()
    {
        BenchFamilies.Register();
        return ModelConfig.Parse($"{Name}.json", Encoding.UTF8.GetBytes(Config));
    }
}
