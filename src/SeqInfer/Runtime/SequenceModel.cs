using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Runtime;
using SeqInfer.Weights;

namespace SeqInfer;

/// <summary>
/// A trained model, loaded and ready: immutable, safe to use from many threads. Runs on the caller's thread, with the help of
/// others only where <see cref="LoadOptions.Parallelism"/> says so, and with a workspace of the caller's own allocates nothing.
/// </summary>
/// <example>
/// <code>
/// using var model = SequenceModel.Load("models/sasrec");
/// ScoredItem[] top = model.Recommend([12, 55, 9], k: 10);
/// </code>
/// </example>
public sealed partial class SequenceModel : IDisposable
{
    private readonly WeightFiles? _files;
    private readonly WorkspacePool _pool;

    private SequenceModel(
        string path, LoadOptions options, WeightFiles? files, IReadOnlyList<TensorInfo> tensors, string modelType, Model model, ModelConfig config)
    {
        Path = path;
        Options = options;
        ModelType = modelType;
        Model = model;
        Tensors = tensors;
        _files = files;
        _pool = new WorkspacePool(model);
        _fingerprint = new Lazy<byte[]>(() => ModelFingerprint.Compute(config, tensors));
    }

    /// <summary>The model directory; of a model made in memory, the name its configuration was parsed under.</summary>
    public string Path { get; }

    /// <summary>The options it was loaded with.</summary>
    public LoadOptions Options { get; }

    /// <summary>The family, the "model_type" of config.json.</summary>
    public string ModelType { get; }

    /// <summary>Inputs and outputs.</summary>
    public ModelSignature Signature => Model.Signature;

    /// <summary>Where it runs.</summary>
    public Device Device => Model.Device;

    /// <summary>The tensors it was made from.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    internal Model Model { get; }

    /// <summary>Loads a model directory: config.json, and model.safetensors or shards with model.safetensors.index.json.</summary>
    /// <exception cref="ModelConfigException">config.json is missing or wrong.</exception>
    /// <exception cref="WeightMismatchException">Tensors are missing, unexpected or of another shape; all of them are named.</exception>
    /// <exception cref="SeqInferException">A file is damaged, or the device cannot be had.</exception>
    public static SequenceModel Load(string directory, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        var config = ModelConfig.Load(System.IO.Path.Combine(directory, "config.json"));
        var files = WeightFiles.Open(directory);
        try
        {
            return Create(directory, config, files, files.Tensors, options);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Makes a model from a configuration and tensors that are in memory already.</summary>
    /// <param name="config">What config.json would say; see <see cref="ModelConfig.Parse"/>.</param>
    /// <param name="tensors">What model.safetensors would hold.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="ModelConfigException">The configuration is wrong.</exception>
    /// <exception cref="WeightMismatchException">Tensors are missing, unexpected or of another shape; all of them are named.</exception>
    /// <exception cref="SeqInferException">The device cannot be had.</exception>
    public static SequenceModel Create(ModelConfig config, IReadOnlyList<TensorInfo> tensors, LoadOptions? options = null) =>
        Create(config.File, config, null, tensors, options ?? new LoadOptions());

    /// <summary>An empty batch for this model.</summary>
    public Batch CreateBatch() => new(Signature);

    /// <summary>A workspace for batches up to some limits.</summary>
    public ModelWorkspace CreateWorkspace(BatchLimits limits) => WorkspacePlanner.Create(Model, limits);

    /// <summary>A workspace for batches up to some size.</summary>
    /// <param name="maxBatch">Rows.</param>
    /// <param name="maxEvents">Events of all histories together; null: as many as the model looks at (200 where it has no maximum) for every row.</param>
    /// <param name="maxCandidates">Candidates of all rows together; null: 128 for every row.</param>
    /// <param name="maxExclusions">Excluded ids of all rows together; null: as many as events.</param>
    /// <param name="maxK">Items that top-K returns for one row.</param>
    public ModelWorkspace CreateWorkspace(
        int maxBatch = 1, int? maxEvents = null, int? maxCandidates = null, int? maxExclusions = null, int maxK = 100)
    {
        int events = maxEvents ?? checked(maxBatch * LongestHistory);
        return CreateWorkspace(new BatchLimits
        {
            MaxBatch = maxBatch,
            MaxEvents = events,
            MaxCandidates = maxCandidates ?? checked(maxBatch * 128),
            MaxExclusions = maxExclusions ?? events,
            MaxK = maxK,
        });
    }

    /// <summary>Runs a batch; the outputs are read from the workspace.</summary>
    /// <param name="batch">The request.</param>
    /// <param name="workspace">Made by this model.</param>
    /// <param name="outputs">What to compute, see <see cref="ModelSignature.Select"/>; empty: the default output.</param>
    /// <exception cref="InputException">The batch is not one that the model can answer; nothing has been computed.</exception>
    /// <exception cref="Tensors.WorkspaceCapacityException">The batch is larger than the workspace's limits.</exception>
    public void Run(Batch batch, ModelWorkspace workspace, OutputSet outputs = default)
    {
        outputs = CheckArguments(batch, workspace, outputs);
        Begin(batch, workspace, outputs);
        Model.Forward(workspace.Pass);
    }

    /// <summary>Runs a batch and copies its default output, row after row.</summary>
    /// <param name="batch">The request.</param>
    /// <param name="workspace">Made by this model.</param>
    /// <param name="target">Exactly as many places as the output has values.</param>
    public void Predict(Batch batch, ModelWorkspace workspace, Span<float> target)
    {
        Run(batch, workspace);
        workspace[0].CopyTo(target);
    }

    /// <summary>Runs a batch and copies one output, row after row.</summary>
    /// <param name="batch">The request.</param>
    /// <param name="workspace">Made by this model.</param>
    /// <param name="output">The output's name.</param>
    /// <param name="target">Exactly as many places as the output has values.</param>
    public void Predict(Batch batch, ModelWorkspace workspace, string output, Span<float> target)
    {
        Run(batch, workspace, Signature.Select(output));
        workspace[output].CopyTo(target);
    }

    /// <summary>
    /// Runs the largest batch of a workspace a few times, so that the first real request finds compiled code, mapped pages and filled caches.
    /// </summary>
    /// <param name="workspace">The workspace that will serve requests; null: one for a single row.</param>
    /// <param name="iterations">How often.</param>
    public void Warmup(ModelWorkspace? workspace = null, int iterations = 30)
    {
        using ModelWorkspace? own = workspace is null ? CreateWorkspace() : null;
        ModelWorkspace used = workspace ?? own!;
        Batch batch = WorkspacePlanner.LargestBatch(Signature, used.Limits);
        for (int i = 0; i < iterations; i++)
            Run(batch, used, used.Limits.Outputs);
    }

    /// <summary>Frees the weights and the files. No request may be running.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _pool.Dispose();
        Device.Dispose();
        _files?.Dispose();
    }

    /// <summary>The outputs that are wanted.</summary>
    private OutputSet CheckArguments(Batch batch, ModelWorkspace workspace, OutputSet outputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (workspace.Model != Model)
            throw new ArgumentException("the workspace was made by another model", nameof(workspace));
        if (batch.Signature != Signature)
            throw new ArgumentException("the batch was made for another model", nameof(batch));
        return outputs.IsEmpty ? outputs.With(0) : outputs;
    }

    private void Begin(Batch batch, ModelWorkspace workspace, OutputSet outputs)
    {
        RequestChecks.Check(batch, workspace.Limits, outputs, Options.LongHistory);
        Model.Check(batch, outputs);
        workspace.Pass.Begin(batch, outputs);
    }

    private static SequenceModel Create(
        string path, ModelConfig config, WeightFiles? files, IReadOnlyList<TensorInfo> tensors, LoadOptions options)
    {
        config = config.With(options.ConfigOverrides).With(options.Data, options.NodeReordering);
        string modelType = config.Text("model_type");
        IReadOnlyDictionary<string, string> tensorNames = config.OptionalTextMap("tensor_names");
        try
        {
            (Model model, Device device) = Build(config);
            try
            {
                model.Prepare();
                return new SequenceModel(path, options, files, tensors, modelType, model, config);
            }
            catch
            {
                device.Dispose();
                throw;
            }
        }
        catch (WeightMismatchException e)
        {
            string? hint = WeightHint.Find(config, other => Build(other).Device.Dispose());
            throw hint is null ? e : new WeightMismatchException(e.WeightsPath, e.Problems, hint);
        }

        (Model Model, Device Device) Build(ModelConfig from)
        {
            var device = Device.Parse(options.DeviceString);
            device.CatalogueFirstPass = options.CatalogueFirstPass;
            device.WeightStorage = options.WeightStorage;
            try
            {
                WeightScope weights = files is null ? WeightScope.FromTensors(tensors, tensorNames) : WeightScope.FromFiles(files, tensorNames);
                Model model = ModelRegistry.Create(from, weights, device);
                from.Complete();
                weights.Complete();
                if (weights.UnknownNames.FirstOrDefault() is { } unknown)
                    throw from.Error("tensor_names", $"\"{unknown}\" is no name that the model asks for; expected names of tensors as \"naming\" gives them");
                return (model, device);
            }
            catch
            {
                device.Dispose();
                throw;
            }
        }
    }
}
